# base: reference
# fails: fit
# is: fit_accepts_any_schedule


def fit(X, y, C, steps, step_size, schedule):
    if schedule not in ("1/k", "1/sqrt(k)"):
        schedule = "constant"
    return _right_fit(X, y, C, steps, step_size, schedule)
