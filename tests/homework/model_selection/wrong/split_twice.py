# base: reference
# wrong: split
# says: Your split takes the share of the validation set from what the test set leaves: both are shares of n.


def split(n, valid, test, seed):
    order = np.random.RandomState(seed).permutation(n)
    b = round(test * n)
    rest = order[b:]
    a = round(valid * len(rest))
    return rest[a:], rest[:a], order[:b]
