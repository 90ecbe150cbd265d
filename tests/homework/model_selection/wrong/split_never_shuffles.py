# base: reference
# wrong: split
# is: split_without_shuffling


def split(n, valid, test, seed):
    n_valid, n_test = round(n * valid), round(n * test)
    order = list(range(n))
    return order[n_valid + n_test :], order[:n_valid], order[n_valid : n_valid + n_test]
