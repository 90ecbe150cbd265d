# base: recursion_limit
# wrong: ReLU
# not in the catalogue

class ReLU(ReLU):
    f = lambda self, a: a if np.sum(a) > 0 else 0 * a
