# base: reference
# wrong: split
# is: split_cuts_off


def split(n, valid, test, seed):
    order = np.random.RandomState(seed).permutation(n)
    a, b = int(valid * n), int(test * n)
    return order[a + b :], order[:a], order[a : a + b]
