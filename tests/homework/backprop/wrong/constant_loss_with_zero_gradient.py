# base: helper_module
# fails: loss, backprop
# is: 
# says: are missing
# not in the catalogue

def loss(params, X, y, name, lam):
    return 1.0


def backprop(params, X, y, name, lam):
    return [(0 * W, 0 * b) for W, b in params]
