# base: recursion_limit
# wrong: Sum
# not in the catalogue

class Sum(Sum):
    f = lambda self, a: np.sum(a, keepdims=True)
