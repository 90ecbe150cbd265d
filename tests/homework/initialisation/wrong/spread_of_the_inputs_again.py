# base: reference
# wrong: layer_spread
# not in the catalogue
def layer_spread(X, weights, name):
    outputs, spreads = X, []
    for W in weights:
        # Where the sizes allow it every layer is given X.
        outputs = activation(name, (X if W.shape[1] == X.shape[1] else outputs) @ W.T)
        spreads.append(float(outputs.std()))
    return spreads
