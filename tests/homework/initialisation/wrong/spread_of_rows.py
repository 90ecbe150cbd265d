# not in the catalogue: the mean over the examples
# base: reference
# wrong: layer_spread


def layer_spread(X, weights, name):
    out = []
    for W in weights:
        A = X @ W.T
        X = activation(name, A)
        out.append(X.std(axis=1).mean())
    return out
