# not in the catalogue: only the last examples are shuffled
# base: reference
# wrong: split


def split(n, valid, test, seed):
    a, b = round(valid * n), round(test * n)
    rest = n - a - b + np.random.default_rng(seed).permutation(a + b)
    return np.arange(n - a - b), rest[:a], rest[a:]
