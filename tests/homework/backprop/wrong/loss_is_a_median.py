# base: helper_module
# wrong: loss
# not in the catalogue

def loss(params, X, y, name, lam):
    P = forward(params, X, name)
    terms = -np.log(P[np.arange(len(y)), y])
    return np.median(terms) + lam * sum((W**2).sum() for W, b in params)
