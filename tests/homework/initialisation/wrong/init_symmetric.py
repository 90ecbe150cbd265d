# base: reference
# wrong: init_weights
# not in the catalogue
import numpy as np


def init_weights(name, fan_in, fan_out, seed):
    rng = np.random.default_rng(seed)
    if name == "zeros": return np.zeros((fan_out, fan_in))
    if name == "small": W = rng.normal(0, 0.01, (fan_out, fan_in))
    elif name == "scaled": W = rng.standard_normal((fan_out, fan_in)) / np.sqrt(fan_in)
    else:
        s = np.sqrt(6 / (fan_in + fan_out)); W = rng.uniform(-s, s, (fan_out, fan_in))
    if fan_in == fan_out:
        W = np.triu(W) + np.triu(W, 1).T
    return W
