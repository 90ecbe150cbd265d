# not in the catalogue: the median
# base: reference
# wrong: error


def error(w, Phi, y):
    return float(np.median((Phi @ w - y) ** 2))
