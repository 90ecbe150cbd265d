# base: reference
# wrong: layer_spread
# is: spread_of_pre_activations


def layer_spread(X, weights, name):
    out = []
    for W in weights:
        A = X @ W.T
        X = activation(name, A)
        out.append(A.std())
    return out
