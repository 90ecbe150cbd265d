# base: recursion_limit
# wrong: Power
# not in the catalogue

class Power(Power):
    def f(self, a):
        return np.power(a, int(self.n))
