# base: reference
# wrong: split
# is: split_without_shuffling


def split(n, valid, test, seed):
    rng = np.random.default_rng(0)
    order = rng.permutation(n)
    n_valid, n_test = round(n * valid), round(n * test)
    return order[n_valid + n_test :], order[:n_valid], order[n_valid : n_valid + n_test]
