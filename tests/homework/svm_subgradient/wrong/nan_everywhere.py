# base: reference
# wrong: subgradient
# not in the catalogue


def subgradient(w, b, X, y, C):
    return w * np.nan, float("nan")
