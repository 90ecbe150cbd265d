# base: vectorised
# wrong: loss
# is: loss_with_lam_not_divided


def loss(w, b, X, y, lam, penalty):
    r = predict(w, b, X) - y
    k = len(w)
    if penalty not in ("none", "l1", "l2"):
        raise ValueError(penalty)
    P = {"none": 0.0, "l1": np.abs(w).sum(), "l2": (w**2).sum()}[penalty]
    return np.mean(r**2) + lam * P
