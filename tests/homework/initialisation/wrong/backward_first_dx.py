# base: reference
# wrong: maxout_backward
# is: backward_dx_of_the_first


def maxout_backward(dy, x, W1, b1, W2, b2):
    f = x @ W1 + b1 >= x @ W2 + b2
    p, q = dy * f, dy * ~f
    return W1 @ p, np.outer(x, p), p, np.outer(x, q), q
