# base: recursion_limit
# wrong: ReLU
# not in the catalogue

class ReLU(ReLU):
    df = lambda self, a, y: np.where(np.asarray(a) > 0, 1.0, 0.01)
