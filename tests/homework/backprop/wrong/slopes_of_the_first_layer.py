# base: reference
# wrong: backprop
# not in the catalogue
def backprop(params, X, y, name, lam):
    inputs, pre = [X], []
    for W, b in params:
        pre.append(inputs[-1] @ W.T + b)
        inputs.append(activation(name, pre[-1]))
    delta = (forward(params, X, name) - np.eye(len(params[-1][1]))[y]) / len(y)
    grads = []
    for k in range(len(params) - 1, -1, -1):
        W, _ = params[k]
        grads.insert(0, (delta.T @ inputs[k] + 2 * lam * W, delta.sum(axis=0)))
        if k:
            # Two layers of one size: the slopes of the first are taken for both.
            same = pre[0].shape == pre[k - 1].shape
            delta = delta @ W * activation_gradient(name, pre[0] if same else pre[k - 1])
    return grads
