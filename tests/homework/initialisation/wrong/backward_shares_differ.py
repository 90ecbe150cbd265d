# not in the catalogue: other shares in db than in dW
# base: reference
# fails: maxout_backward_at_a_tie, maxout_backward_at_ties


def maxout_backward(dy, x, W1, b1, W2, b2):
    f = x @ W1 + b1 >= x @ W2 + b2
    p, q = dy * f, dy * ~f
    dx, h = W1 @ p + W2 @ q, x @ W1 + b1 == x @ W2 + b2
    return dx, np.outer(x, p), np.where(h, dy / 2, p), np.outer(x, q), np.where(h, dy / 2, q)
