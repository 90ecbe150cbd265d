# base: reference
# wrong: split, error
# is: split_without_shuffling, error_as_a_sum


def split(n, valid, test, seed):
    n_valid, n_test = round(n * valid), round(n * test)
    order = list(range(n))
    return order[n_valid + n_test :], order[:n_valid], order[n_valid : n_valid + n_test]


def error(w, Phi, y):
    r = Phi @ w - y
    return float(r @ r)
