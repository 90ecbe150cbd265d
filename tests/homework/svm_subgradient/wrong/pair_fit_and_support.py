# base: reference
# wrong: fit, support_vectors
# is: fit_ignores_the_schedule, support_vectors_without_tol

_right_fit = fit


def fit(X, y, C, steps, step_size, schedule):
    if schedule not in ("constant", "1/k", "1/sqrt(k)"):
        raise ValueError
    return _right_fit(X, y, C, steps, step_size, "constant")


def support_vectors(w, b, X, y, tol):
    return np.flatnonzero(y * (X @ w + b) <= 1)
