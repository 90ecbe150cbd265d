import numpy as np

f = np.float64


def run(A, b, x0, steps, rule):
    A, b, x = f(A), f(b), f(x0)
    out = np.zeros((steps + 1, len(x)), f)
    out[0] = x
    for k in range(steps):
        x = rule(k, x, A @ x - b)
        out[k + 1] = x
    return out
