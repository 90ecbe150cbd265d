# base: recursion_limit
# wrong: Sum
# not in the catalogue

class Sum(Sum):
    f = lambda self, a: np.sum(np.square(a))
    df = lambda self, a, y: 2 * np.asarray(a)
