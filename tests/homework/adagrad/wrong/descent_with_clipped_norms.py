# base: vectorised
# fails: descent_example, descent, descent_takes_every_step
# says: Your gradient_descent shortens gradients longer than 1, as keras does with clipnorm=1 and torch's clip_grad_norm_: take them whole.
# not in the catalogue


def gradient_descent(A, b, x0, step_size, steps):
    path = [x0]
    for _ in range(steps):
        g = A @ path[-1] - b
        path.append(path[-1] - step_size * g / max(1.0, np.linalg.norm(g)))
    return np.array(path)
