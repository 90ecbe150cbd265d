# base: dataclasses
# wrong: numerical_gradient, parameters
# is: numerical_by_eps

_right = numerical_gradient
def numerical_gradient(output, parameter, eps):
    return 2 * _right(output, parameter, eps)
def parameters(output):
    return [box for box in order(output) if not box.children]
