# base: reference
# wrong: decayed_step
# not in the catalogue

def decayed_step(w, g, step_size, lam):
    return max(0.0, 1 - step_size * lam) * w - step_size * g
