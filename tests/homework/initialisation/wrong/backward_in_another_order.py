# not in the catalogue: dW1, dW2, db1, db2
# base: reference
# wrong: maxout_backward


def maxout_backward(dy, x, W1, b1, W2, b2):
    f = x @ W1 + b1 >= x @ W2 + b2
    p, q = dy * f, dy * ~f
    return W1 @ p + W2 @ q, np.outer(x, p), np.outer(x, q), p, q
