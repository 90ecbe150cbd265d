# base: reference
# wrong: adam, projected_descent
# is: projected_onto_a_cube
# says: Your adam is Adamax, which torch, keras and optax have: another method.
import numpy as np


def adam(A, b, x0, step_size, beta1, beta2, eps, steps):
    path, m, v = [x0], 0 * x0, 0 * x0
    for t in range(1, steps + 1):
        g = A @ path[-1] - b
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        u = np.abs(g) if t == 1 else np.maximum(beta2 * u, np.abs(g))
        path.append(path[-1] - step_size * m / (1 - beta1**t) / (u + eps))
    return np.array(path)


def projected_descent(A, b, x0, step_size, steps, radius):
    path = [x0]
    for _ in range(steps):
        path.append(np.clip(path[-1] - step_size * (A @ path[-1] - b), -radius, radius))
    return np.array(path)
