# base: reference
# wrong: maxout_backward
# is: backward_to_both


def maxout_backward(dy, x, W1, b1, W2, b2):
    f = x @ W1 + b1 >= x @ W2 + b2
    p = q = dy
    return W1 @ p + W2 @ q, np.outer(x, p), p, np.outer(x, q), q
