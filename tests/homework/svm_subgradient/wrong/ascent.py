# base: reference
# wrong: subgradient
# is: subgradient_with_the_sum_turned_round


def subgradient(w, b, X, y, C):
    s = y * (y * (X @ w + b) < 1)
    return w + C * X.T @ s, C * s.sum()
