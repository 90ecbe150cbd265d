# base: vectorised
# wrong: solve, standardise


def solve(X, y, lam):
    print(X.shape)


def standardise(X):
    print(X)
