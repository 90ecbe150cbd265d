# base: recursion_limit
# wrong: Power
# not in the catalogue

class Power(Power):
    f = lambda self, a: np.exp(self.n * np.log(a))
