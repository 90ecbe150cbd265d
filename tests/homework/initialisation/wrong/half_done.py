# base: reference
# wrong: whiten, layer_spread


def whiten(X, k, eps):
    raise NotImplementedError


def layer_spread(X, weights, name):
    return []
