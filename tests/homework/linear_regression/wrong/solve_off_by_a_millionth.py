# base: vectorised
# wrong: solve
# not in the catalogue

exact_solve = solve


def solve(X, y, lam):
    w, b = exact_solve(X, y, lam)
    return w * (1 + 1e-6), b
