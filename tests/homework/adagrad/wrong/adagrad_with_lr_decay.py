# base: reference
# wrong: adagrad
# says: Your step_size is divided by 1 + 0.05 k, as torch does with lr_decay: v alone shrinks the step.


def adagrad(A, b, x0, step_size, steps, eps):
    path, v = [np.array(x0, float)], 0.0
    for k in range(steps):
        g = A @ path[-1] - b
        v = v + g * g
        path.append(path[-1] - step_size / (1 + 0.05 * k) * g / np.sqrt(v + eps))
    return np.array(path)
