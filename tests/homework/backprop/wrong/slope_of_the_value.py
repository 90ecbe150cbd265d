# base: generators
# wrong: activation_gradient
# is: slope_of_a_as_value, backprop_without_slope

def activation_gradient(name, h):
    if name == "relu":
        return (h > 0) * 1.0
    return [np.ones_like(h), h * (1 - h), 1 - h * h][NOMS.index(name)]
