# not in the catalogue: a soft maximum
# base: reference
# wrong: maxout


def maxout(x, W1, b1, W2, b2):
    return np.logaddexp(x @ W1 + b1, x @ W2 + b2)
