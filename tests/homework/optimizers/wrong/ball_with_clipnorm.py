# base: reference
# wrong: heavy_ball
# not in the catalogue
# says: Your heavy_ball shortens gradients longer than 1, as keras does with clipnorm=1 and torch's clip_grad_norm_: take them whole.
import numpy as np


def heavy_ball(A, b, x0, step_size, beta, steps):
    x = np.array(x0, float); v = 0 * x; out = [x]
    for _ in range(steps):
        g = A @ x - b
        n = np.linalg.norm(g)
        if n > 1: g = g / n
        v = beta * v - step_size * g
        x = x + v
        out.append(x)
    return np.array(out)
