# base: reference
# fails: backprop_example, backprop_is_the_slope_of_loss, backprop[sigmoid], backprop[tanh], backprop[relu]
# is: backprop_slope_at_the_value
# says: Your backprop has the slope 1 in all hidden units: g'(a) is missing, or taken at h = g(a), which is never negative.

_right_gradient = activation_gradient


def activation_gradient(name, a):
    return np.where(a >= 0, 1.0, 0.0) if name == "relu" else _right_gradient(name, a)


def backprop(params, X, y, name, lam):
    hidden, h = [X], X
    for W, b in params[:-1]:
        h = activation(name, h @ W.T + b)
        hidden.append(h)
    delta = forward(params, X, name) - np.eye(len(params[-1][1]))[y]
    delta = delta / len(X)
    grads = []
    for (W, _), h in zip(params[::-1], hidden[::-1]):
        grads.append((delta.T @ h + 2 * lam * W, delta.sum(axis=0)))
        delta = (delta @ W) * activation_gradient(name, h)
    return grads[::-1]
