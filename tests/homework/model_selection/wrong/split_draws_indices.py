# base: reference
# wrong: split
# is: split_with_replacement
# may say: Your ...


def split(n, valid, test, seed):
    rng = np.random.default_rng(seed)
    n_valid, n_test = round(n * valid), round(n * test)
    valid = rng.choice(n, n_valid)
    test = rng.choice(n, n_test)
    return rng.choice(n, n - n_valid - n_test), valid, test
