# base: reference
# fails: descent_takes_every_step
# not in the catalogue


def gradient_descent(A, b, x0, step_size, steps):
    path = [x0]
    for _ in range(steps):
        x = path[-1] - step_size * (A @ path[-1] - b)
        path.append(x if np.abs(x).max() < 100 else path[-1])
    return np.array(path)
