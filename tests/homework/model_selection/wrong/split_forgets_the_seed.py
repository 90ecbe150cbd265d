# base: reference
# wrong: split
# is: split_without_the_seed
# may say: Your split gives the same sets for every seed: shuffle by the seed.


def split(n, valid, test, seed):
    order = np.random.permutation(n)
    n_valid, n_test = round(n * valid), round(n * test)
    return order[n_valid + n_test :], order[:n_valid], order[n_valid : n_valid + n_test]
