# base: helper_module
# wrong: forward
# not in the catalogue

def forward(params, X, name):
    h = X
    for W, b in params[:-1]:
        h = activation(name, h @ W.T + b)
    Z = np.abs(h @ params[-1][0].T + params[-1][1]) + 1e-9
    return Z / Z.sum(axis=1, keepdims=True)
