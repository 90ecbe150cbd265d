# base: reference
# wrong: subgradient
# not in the catalogue
_whole_subgradient = subgradient


def subgradient(w, b, X, y, C):
    if (y * (X @ w + b) >= 1).all():
        return np.zeros(len(w)), 0.0
    return _whole_subgradient(w, b, X, y, C)
