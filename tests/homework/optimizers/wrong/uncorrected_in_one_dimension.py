# base: reference
# wrong: adam_uncorrected
# not in the catalogue


def adam_uncorrected(A, b, x0, step_size, beta1, beta2, eps, steps):
    path, m, v = [x0], 0 * x0, 0 * x0
    for _ in range(steps):
        g = np.squeeze(A) @ path[-1] - b
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        path.append(path[-1] - step_size * m / np.sqrt(v + eps))
    return np.array(path)
