# base: reference
# wrong: full_gradient
# is: full_is_a_sum
import numpy as np


def full_gradient(w, X, y):
    g = np.zeros(len(w))
    for i in range(len(y)):
        g += (w @ X[i] - y[i]) * X[i]
    return g
