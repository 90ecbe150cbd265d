# base: recursion_limit
# wrong: Sigmoid
# is: sigmoid_slope_is_value

class Sigmoid(Sigmoid):
    df = lambda self, a, y: y
