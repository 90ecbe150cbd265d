# base: vectorised
# fails: loss_refuses_an_unknown_penalty
# says: Your loss accepts an unknown penalty: raise ValueError.


def loss(w, b, X, y, lam, penalty):
    r = predict(w, b, X) - y
    if penalty == "l1":
        return np.mean(r**2) + lam * np.abs(w).mean()
    return np.mean(r**2) + (lam * np.mean(w**2) if penalty == "l2" else 0.0)
