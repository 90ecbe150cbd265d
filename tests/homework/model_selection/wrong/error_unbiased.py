# not in the catalogue: divides by n - 1
# base: reference
# wrong: error


def error(w, Phi, y):
    r = Phi @ w - y
    return float(r @ r / max(len(y) - 1, 1))
