# base: reference
# wrong: decayed_step
# not in the catalogue
import numpy as np


def decayed_step(w, g, step_size, lam):
    return w - step_size * g - step_size * lam * w / np.linalg.norm(w)
