# base: reference
# wrong: layer_spread
# is: spread_as_a_variance


def layer_spread(X, weights, name):
    out = []
    for W in weights:
        A = X @ W.T
        X = activation(name, A)
        out.append(X.var())
    return out
