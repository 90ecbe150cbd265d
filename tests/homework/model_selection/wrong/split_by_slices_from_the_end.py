# base: reference
# fails: split_divides
# not in the catalogue: -0 is the start, and not the end


def split(n, valid, test, seed):
    order = np.random.default_rng(seed).permutation(n)
    a, b = round(valid * n), round(test * n)
    return order[: -(a + b)], order[-(a + b) : -b], order[-b:]
