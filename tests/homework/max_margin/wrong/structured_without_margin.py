# not in the catalogue: no distance at all
# base: reference
# wrong: structured_objective
# may say: the labelling that is predicted

def structured_objective(w, X, Y, lam):
    P = Y * (X @ w.reshape(X.shape[1], -1))
    return lam / 2 * w @ w + np.maximum(0, -2 * P).sum(axis=1).mean()
