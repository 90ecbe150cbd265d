# base: reference
# fails: activation_gradient_example[tanh], activation_gradient[tanh]
# is: slope_of_a_as_value
# not in the catalogue
_whole_gradient = activation_gradient


def activation_gradient(name, a):
    return 1 - a**2 if name == "tanh" else _whole_gradient(name, a)
