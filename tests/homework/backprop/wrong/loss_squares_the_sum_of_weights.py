# base: generators
# wrong: loss
# not in the catalogue

def loss(params, X, y, name, lam):
    P = forward(params, X, name)
    data = -np.mean(np.log(P[np.arange(len(y)), y]))
    return data + lam * sum(np.sum(W) ** 2 for W, b in params)
