# base: reference
# wrong: maxout_backward, whiten
# is: backward_transposed, whiten_without_eps


def maxout_backward(dy, x, W1, b1, W2, b2):
    f = x @ W1 + b1 >= x @ W2 + b2
    p, q = dy * f, dy * ~f
    return W1 @ p + W2 @ q, np.outer(p, x), p, np.outer(q, x), q


def whiten(X, k, eps):
    v, V = principal_directions(X, k)
    return centre(X)[0] @ V / np.sqrt(v)
