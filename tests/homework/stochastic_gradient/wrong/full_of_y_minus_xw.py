# base: float32
# wrong: full_gradient
# is: full_is_negative


def full_gradient(w, X, y):
    return X.T @ (y - X @ w) / len(y)
