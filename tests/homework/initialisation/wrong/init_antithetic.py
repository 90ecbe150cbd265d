# base: reference
# wrong: init_weights
# not in the catalogue
import numpy as np


def init_weights(name, fan_in, fan_out, seed):
    rng = np.random.default_rng(seed)
    if name == "zeros": return np.zeros((fan_out, fan_in))
    n = fan_in * fan_out; h = (n + 1) // 2
    if name == "small": w = rng.normal(0, 0.01, h)
    elif name == "scaled": w = rng.standard_normal(h) / np.sqrt(fan_in)
    else:
        s = np.sqrt(6 / (fan_in + fan_out)); w = rng.uniform(-s, s, h)
    return np.c_[w, -w].ravel()[:n].reshape(fan_out, fan_in)
