# base: vectorised
# wrong: loss, standardise
# is: loss_is_a_sum, standardise_over_n_less_one


def loss(w, b, X, y, lam, penalty):
    r = predict(w, b, X) - y
    k = len(w)
    if penalty not in ("none", "l1", "l2"):
        raise ValueError(penalty)
    P = {"none": 0.0, "l1": np.abs(w).sum(), "l2": (w**2).sum()}[penalty]
    return np.sum(r**2) + lam / k * P



def standardise(X):
    mean, std = X.mean(axis=0), X.std(axis=0, ddof=1)
    std = np.where(std > 0, std, 1.0)
    return (X - mean) / std, mean, std
