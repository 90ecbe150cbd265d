# base: reference
# wrong: split, features
# is: split_cuts_off, features_fall


def split(n, valid, test, seed):
    order = np.random.RandomState(seed).permutation(n)
    a, b = int(valid * n), int(test * n)
    return order[a + b :], order[:a], order[a : a + b]


def features(x, degree):
    return np.vander(x, degree + 1)
