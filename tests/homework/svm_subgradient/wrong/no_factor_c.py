# base: classes
# wrong: subgradient
# is: subgradient_without_c


def subgradient(w, b, X, y, C):
    mask = y * (X @ w + b) < 1
    return w - X[mask].T @ y[mask], -y[mask].sum()
