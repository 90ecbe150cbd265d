# base: reference
# wrong: layer_spread
# is: spread_of_each_unit


def layer_spread(X, weights, name):
    out = []
    for W in weights:
        A = X @ W.T
        X = activation(name, A)
        out.append(X.std(axis=0).mean())
    return out
