# base: recursion_limit
# wrong: Power
# not in the catalogue

class Power(Power):
    df = lambda self, a, y: self.n * y / a
