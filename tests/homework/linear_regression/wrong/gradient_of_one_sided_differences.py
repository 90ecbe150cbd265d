# base: vectorised
# wrong: gradient
# not in the catalogue


def gradient(w, b, X, y, lam, penalty, h=1e-2):
    at = loss(w, b, X, y, lam, penalty)
    dw = [(loss(w + h * e, b, X, y, lam, penalty) - at) / h for e in np.eye(len(w))]
    return np.array(dw), (loss(w, b + h, X, y, lam, penalty) - at) / h
