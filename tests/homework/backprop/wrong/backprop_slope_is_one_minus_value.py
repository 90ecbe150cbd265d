# base: helper_module
# fails: backprop
# is: slope_of_sigmoid_lacks_a_factor
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
