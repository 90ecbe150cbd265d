# base: reference
# fails: first_step_has_the_step_size, adagrad_example, eps_stands_inside_the_root, adagrad, adagrad_with_a_large_eps, adagrad_takes_every_step
# says: Your v starts at 0.3: it starts at 0.


def adagrad(A, b, x0, step_size, steps, eps):
    path, v = [np.array(x0, float)], 0.3
    for k in range(steps):
        g = A @ path[-1] - b
        v = v + g * g
        path.append(path[-1] - step_size * g / np.sqrt(v + eps))
    return np.array(path)
