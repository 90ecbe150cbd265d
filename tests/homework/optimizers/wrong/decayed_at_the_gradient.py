# base: reference
# wrong: decayed_step
# not in the catalogue


def decayed_step(w, g, step_size, lam):
    return w - step_size * (1 - lam) * g
