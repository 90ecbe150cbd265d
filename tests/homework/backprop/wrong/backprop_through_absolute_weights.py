# base: helper_module
# wrong: backprop
# not in the catalogue

_right_backprop = backprop


def backprop(params, X, y, name, lam):
    P, h, tape = _forward(params, X, name)
    delta = P - np.equal.outer(y, np.arange(P.shape[1]))
    grads = []
    for k in range(len(params) - 1, -1, -1):
        W = params[k][0]
        grads.insert(0, (delta.T @ h / len(y) + 2 * lam * W, delta.mean(0)))
        if k > 0:
            h, a = tape.steps[k - 1]
            delta = (delta @ np.abs(W)) * activation_gradient(name, a)
    return grads
