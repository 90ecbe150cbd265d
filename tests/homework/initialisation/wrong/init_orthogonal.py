# base: reference
# wrong: init_weights
# not in the catalogue
import numpy as np


def init_weights(name, fan_in, fan_out, seed):
    rng = np.random.default_rng(seed)
    if name == "zeros": return np.zeros((fan_out, fan_in))
    if name == "small": return rng.normal(0, 0.01, (fan_out, fan_in))
    if name == "scaled":
        m = max(fan_in, fan_out)
        Q, R = np.linalg.qr(rng.standard_normal((m, m)))
        return (Q * np.sign(np.diag(R)))[:fan_out, :fan_in] * np.sqrt(m / fan_in)
    s = np.sqrt(6 / (fan_in + fan_out)); return rng.uniform(-s, s, (fan_out, fan_in))
