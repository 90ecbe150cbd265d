# base: recursion_limit
# wrong: Exp
# not in the catalogue

class Exp(Exp):
    f = lambda self, a: np.expm1(a)
    df = lambda self, a, y: y + 1
