# base: reference
# wrong: maxout_backward, layer_spread
# is: backward_to_both, spread_as_a_variance


def maxout_backward(dy, x, W1, b1, W2, b2):
    f = x @ W1 + b1 >= x @ W2 + b2
    p = q = dy
    return W1 @ p + W2 @ q, np.outer(x, p), p, np.outer(x, q), q


def layer_spread(X, weights, name):
    out = []
    for W in weights:
        A = X @ W.T
        X = activation(name, A)
        out.append(X.var())
    return out
