# base: helper_module
# wrong: backprop
# is: backprop_slope_at_the_value

def backprop(params, X, y, name, lam):
    P, h, tape = _forward(params, X, name)
    delta = P - np.equal.outer(y, np.arange(P.shape[1]))
    grads = []
    for k in range(len(params) - 1, -1, -1):
        W = params[k][0]
        grads.insert(0, (delta.T @ h / len(y) + 2 * lam * W, delta.mean(0)))
        if k > 0:
            below, _ = tape.steps[k - 1]
            delta = (delta @ W) * activation_gradient(name, h)
            h = below
    return grads
