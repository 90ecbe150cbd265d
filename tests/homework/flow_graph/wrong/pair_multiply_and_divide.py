# base: recursion_limit
# wrong: Multiply, Divide
# is: multiply_own_factor, divide_without_minus

class Multiply(Multiply):
    df = lambda self, a, b, g: (g * a, g * b)

class Divide(Divide):
    df = lambda self, a, b, g: (g / b, g * a / b ** 2)
