# base: helper_module
# wrong: loss, backprop
# may say: are missing
# not in the catalogue

def loss(params, X, y, name, lam):
    return 1.0


def backprop(params, X, y, name, lam):
    return [(0 * W, 0 * b) for W, b in params]
