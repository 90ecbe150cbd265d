# not in the catalogue: one-based
# base: reference
# wrong: split


def split(n, valid, test, seed):
    order = 1 + np.random.default_rng(seed).permutation(n)
    a, b = round(valid * n), round(test * n)
    return order[a + b :], order[:a], order[a : a + b]
