# base: vectorised
# wrong: solve
# may say: to the diagonal of its matrix
# not in the catalogue

exact_solve = solve


def solve(X, y, lam):
    return exact_solve(X, y, lam + 1e-8)
