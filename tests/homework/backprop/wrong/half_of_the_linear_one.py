# base: reference
# fails: activation_example[linear], activation_of_huge_numbers, activation
# not in the catalogue
_whole_activation = activation


def activation(name, a):
    return 0.5 * a if name == "linear" else _whole_activation(name, a)
