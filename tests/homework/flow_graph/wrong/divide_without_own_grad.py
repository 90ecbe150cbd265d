# base: recursion_limit
# wrong: Divide
# not in the catalogue

class Divide(Divide):
    df = lambda self, a, b, g: (1 / b, -a / b ** 2)
