# not in the catalogue: both pieces get all at a tie
# base: reference
# fails: maxout_backward_at_a_tie, maxout_backward_at_ties


def maxout_backward(dy, x, W1, b1, W2, b2):
    f = x @ W1 + b1 >= x @ W2 + b2
    p, q = dy * f, dy * (x @ W1 + b1 <= x @ W2 + b2)
    return W1 @ p + W2 @ q, np.outer(x, p), p, np.outer(x, q), q
