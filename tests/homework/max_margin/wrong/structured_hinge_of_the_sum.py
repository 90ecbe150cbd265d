# not in the catalogue: one hinge for all places together
# base: reference
# wrong: structured_objective

def structured_objective(w, X, Y, lam):
    P = Y * (X @ w.reshape(X.shape[1], -1))
    return lam / 2 * w @ w + np.maximum(0, (1 - 2 * P).sum(axis=1)).mean()
