# base: recursion_limit
# wrong: Multiply
# is: multiply_own_factor

class Multiply(Multiply):
    df = lambda self, a, b, g: (g * a, g * b)
