# base: reference
# wrong: decayed_step
# is: decayed_by_lam


def decayed_step(w, g, step_size, lam):
    return w - step_size * g - lam * w
