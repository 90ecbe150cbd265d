# base: reference
# wrong: subgradient
# is: subgradient_half_at_the_kink_in_gw


def subgradient(w, b, X, y, C):
    m = y * (X @ w + b)
    weights = np.where(m < 1, 1.0, np.where(m == 1, 0.5, 0.0))
    return w - C * (weights * y) @ X, -C * y[m < 1].sum()
