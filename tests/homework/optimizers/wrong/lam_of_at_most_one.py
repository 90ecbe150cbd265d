# base: reference
# wrong: decayed_step
# not in the catalogue
def decayed_step(w, g, step_size, lam):
    return (1 - step_size * min(lam, 1.0)) * w - step_size * g
