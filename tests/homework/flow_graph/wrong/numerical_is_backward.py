# base: dataclasses
# wrong: numerical_gradient
# not in the catalogue

def numerical_gradient(output, parameter, eps):
    forward(output)
    backward(output)
    return parameter.grad
