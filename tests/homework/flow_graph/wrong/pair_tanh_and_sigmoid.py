# base: recursion_limit
# wrong: Tanh, Sigmoid
# is: tanh_slope_of_child, sigmoid_slope_is_value

class Tanh(Tanh):
    df = lambda self, a, y: 1 - a * a

class Sigmoid(Sigmoid):
    df = lambda self, a, y: y
