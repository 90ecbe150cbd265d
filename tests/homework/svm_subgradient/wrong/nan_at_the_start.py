# base: reference
# wrong: subgradient
# is: subgradient_divides_by_the_norm


def subgradient(w, b, X, y, C):
    n = np.linalg.norm(w)
    pushes = np.where(y * (X @ w + b) < 1, -C * y, 0.0)
    return n * (w / n) + X.T @ pushes, float(np.sum(pushes))
