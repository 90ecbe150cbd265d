# not in the catalogue: places that tie count three times
# base: reference
# wrong: structured_subgradient

def structured_subgradient(w, X, Y, lam):
    P = Y * (X @ w.reshape(X.shape[1], -1))
    on = 1.0 * (P < 0.5) + 3 * (P == 0.5)
    return lam * w - 2 * (X.T @ (on * Y)).ravel() / len(X)
