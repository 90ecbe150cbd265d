# base: reference
# wrong: split
# is: split_rounds_up


def split(n, valid, test, seed):
    order = np.random.RandomState(seed).permutation(n)
    a, b = int(np.ceil(valid * n)), int(np.ceil(test * n))
    return order[a + b :], order[:a], order[a : a + b]
