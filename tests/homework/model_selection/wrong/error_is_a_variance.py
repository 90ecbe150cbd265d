# base: reference
# wrong: error
# not in the catalogue
import numpy as np


def error(w, Phi, y): return np.var(Phi @ w - y)
