# base: vectorised
# wrong: solve
# not in the catalogue


def solve(X, y, lam):
    w, b, _ = fit(X, y, lam, "l2", 50, 0.05)
    return w, b
