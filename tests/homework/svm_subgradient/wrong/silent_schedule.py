# base: reference
# wrong: fit
# is: fit_accepts_any_schedule

_right_fit = fit


def fit(X, y, C, steps, step_size, schedule):
    if schedule not in ("1/k", "1/sqrt(k)"):
        schedule = "constant"
    return _right_fit(X, y, C, steps, step_size, schedule)
