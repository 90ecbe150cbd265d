# base: reference
# wrong: split
# is: split_rounds_all_three
# may say: Your ...


def split(n, valid, test, seed):
    order = np.random.default_rng(seed).permutation(n)
    a, b = round(valid * n), round(test * n)
    return order[a + b : -1], order[:a], order[a : a + b]
