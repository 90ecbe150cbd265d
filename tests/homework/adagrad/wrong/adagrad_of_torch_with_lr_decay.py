# base: classes
# fails: adagrad_example, eps_stands_inside_the_root, adagrad, adagrad_with_a_large_eps, adagrad_takes_every_step
# says: Your step_size is divided by 1 + 0.25 k, as torch does with lr_decay: v alone shrinks the step.
# says: Your step_size is divided by 1 + 0.25 k, as torch does with lr_decay: v alone shrinks the step. It adds eps outside the root, too: eps belongs inside.
# not in the catalogue
import numpy as np


def adagrad(A, b, x0, step_size, steps, eps):
    path, v = [x0], 0 * x0
    for k in range(steps):
        g = A @ path[-1] - b
        v = v + g**2
        path.append(path[-1] - step_size / (1 + 0.25 * k) * g / (np.sqrt(v) + eps))
    return np.array(path)
