# not in the catalogue: the larger in size
# base: reference
# wrong: maxout


def maxout(x, W1, b1, W2, b2):
    p, q = x @ W1 + b1, x @ W2 + b2
    return np.where(np.abs(p) > np.abs(q), p, q)
