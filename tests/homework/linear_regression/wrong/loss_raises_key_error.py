# base: vectorised
# fails: loss_refuses_an_unknown_penalty
# not in the catalogue


def loss(w, b, X, y, lam, penalty):
    P = {"none": 0.0, "l1": np.abs(w).mean(), "l2": (w**2).mean()}
    return np.mean((predict(w, b, X) - y) ** 2) + lam * P[penalty]
