# base: reference
# wrong: features
# not in the catalogue
import numpy as np


def features(x, degree):
    P = np.zeros((len(x), degree + 1)); P[:, 1:] = x[:, None] ** np.arange(1, degree + 1); return P
