# base: recursion_limit
# wrong: Subtract
# is: subtract_same_sign

class Subtract(Subtract):
    df = lambda self, a, b, g: (g, g)
