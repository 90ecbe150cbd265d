# base: vectorised
# wrong: loss, standardise
# is: loss_with_the_penalties_exchanged, standardise_with_zero_by_zero


def loss(w, b, X, y, lam, penalty):
    r = predict(w, b, X) - y
    k = len(w)
    if penalty not in ("none", "l1", "l2"):
        raise ValueError(penalty)
    P = {"none": 0.0, "l1": np.abs(w).sum(), "l2": (w**2).sum()}[penalty]
    return np.mean(r**2) + lam / k * {"none": 0, "l1": (w**2).sum(), "l2": np.abs(w).sum()}[penalty]


def standardise(X):
    return (X - X.mean(0)) / X.std(0), X.mean(0), X.std(0)
