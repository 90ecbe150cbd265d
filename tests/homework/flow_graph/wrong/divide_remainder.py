# base: recursion_limit
# wrong: Divide
# not in the catalogue

class Divide(Divide):
    f = lambda self, a, b: a // b
