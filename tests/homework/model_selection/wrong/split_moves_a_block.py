# not in the catalogue: a block at a random place
# base: reference
# wrong: split
# may say: Your split gives the same sets for every seed: shuffle by the seed.


def split(n, valid, test, seed):
    order = (np.arange(n) + np.random.default_rng(seed).integers(n)) % n
    a, b = round(valid * n), round(test * n)
    return order[a + b :], order[:a], order[a : a + b]
