# base: reference
# wrong: subgradient
# is: subgradient_split_the_other_way


def subgradient(w, b, X, y, C):
    m = y * (X @ w + b)
    return w - C * (y[m <= 1, None] * X[m <= 1]).sum(axis=0), -C * y[m < 1].sum()
