# base: reference
# fails: split_is_fair_to_first_and_last
# not in the catalogue: n^n equally likely ways do not spread evenly over n! orders


def split(n, valid, test, seed):
    rng = np.random.default_rng(seed)
    order = np.arange(n)
    for i in range(n):
        j = rng.integers(n)
        order[i], order[j] = order[j], order[i]
    a, b = round(valid * n), round(test * n)
    return order[a + b :], order[:a], order[a : a + b]
