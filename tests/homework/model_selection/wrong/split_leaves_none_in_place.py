# base: reference
# fails: split_is_fair_to_first_and_last
# not in the catalogue: Sattolo's swaps make one cycle, so that no example stays where it was


def split(n, valid, test, seed):
    rng = np.random.default_rng(seed)
    order = np.arange(n)
    for i in range(n - 1, 0, -1):
        j = rng.integers(i)
        order[i], order[j] = order[j], order[i]
    a, b = round(valid * n), round(test * n)
    return order[a + b :], order[:a], order[a : a + b]
