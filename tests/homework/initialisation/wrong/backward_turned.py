# base: reference
# wrong: maxout_backward
# is: backward_transposed


def maxout_backward(dy, x, W1, b1, W2, b2):
    f = x @ W1 + b1 >= x @ W2 + b2
    p, q = dy * f, dy * ~f
    return W1 @ p + W2 @ q, np.outer(p, x), p, np.outer(q, x), q
