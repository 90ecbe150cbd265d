# base: recursion_limit
# wrong: ReLU
# says: Your fprop changes the values of the children.
# not in the catalogue

class ReLU(ReLU):
    def f(self, a):
        a = np.asarray(a)
        if a.ndim:
            a[a < 0] = 0
        return np.maximum(a, 0)
