# base: recursion_limit
# wrong: ReLU
# not in the catalogue

class ReLU(ReLU):
    f = lambda self, a: np.log1p(np.exp(a))
    df = lambda self, a, y: 1 / (1 + np.exp(-a))
