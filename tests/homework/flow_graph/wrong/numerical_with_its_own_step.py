# base: dataclasses
# wrong: numerical_gradient
# not in the catalogue

_right = numerical_gradient
def numerical_gradient(output, parameter, eps):
    return _right(output, parameter, 1e-6)
