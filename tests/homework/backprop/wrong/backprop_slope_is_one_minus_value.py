# base: helper_module
# wrong: backprop
# may say: Your hidden layer multiplies by 1 - g(a) where g'(a) belongs, g being sigmoid.
# not in the catalogue

def backprop(params, X, y, name, lam):
    P, h, tape = _forward(params, X, name)
    delta = P - np.equal.outer(y, np.arange(P.shape[1]))
    grads = []
    for k in range(len(params) - 1, -1, -1):
        W = params[k][0]
        grads.insert(0, (delta.T @ h / len(y) + 2 * lam * W, delta.mean(0)))
        if k > 0:
            below, a = tape.steps[k - 1]
            slope = 1 - h if name == "sigmoid" else activation_gradient(name, a)
            delta, h = (delta @ W) * slope, below
    return grads
