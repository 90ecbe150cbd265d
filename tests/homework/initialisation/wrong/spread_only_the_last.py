# not in the catalogue: the last layer only
# base: reference
# wrong: layer_spread


def layer_spread(X, weights, name):
    out = []
    for W in weights:
        A = X @ W.T
        X = activation(name, A)
        out.append(X.std())
    return out[-1]
