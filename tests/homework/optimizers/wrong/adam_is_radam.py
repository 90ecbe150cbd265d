# base: reference
# wrong: adam
# not in the catalogue
# says: Your adam is RAdam, which torch and optax have: another method.
import numpy as np


def adam(A, b, x0, step_size, beta1, beta2, eps, steps):
    x = np.array(x0, float); m = 0 * x; v = 0 * x; out = [x]
    inf = 2 / (1 - beta2) - 1
    for t in range(1, steps + 1):
        g = A @ x - b
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        mh = m / (1 - beta1 ** t)
        rho = inf - 2 * t * beta2 ** t / (1 - beta2 ** t)
        if rho > 5:
            r = np.sqrt((rho - 4) * (rho - 2) * inf / ((inf - 4) * (inf - 2) * rho))
            x = x - step_size * mh * r * np.sqrt(1 - beta2 ** t) / (np.sqrt(v) + eps)
        else:
            x = x - step_size * mh
        out.append(x)
    return np.array(out)
