# base: recursion_limit
# wrong: Tanh
# is: tanh_slope_of_child

class Tanh(Tanh):
    df = lambda self, a, y: 1 - a * a
