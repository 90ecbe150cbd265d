# base: reference
# wrong: objective, fit
# is: objective_with_a_mean, fit_from_zeros
# may say: multiplied by
# may say: has the wrong sign
# may say: have the wrong sign

_fit = fit


def objective(W, X, y, C):
    return 0.5 * (W**2).sum() + C * np.mean(multiclass_hinge(X @ W, y))


def fit(X, y, W0, C, steps, step_size):
    return _fit(X, y, 0 * W0, C, steps, step_size)
