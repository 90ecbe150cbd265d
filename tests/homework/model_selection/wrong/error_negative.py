# base: reference
# wrong: error
# not in the catalogue


def error(w, Phi, y):
    return -np.mean((Phi @ w - y) ** 2)
