# base: reference
# wrong: full_adagrad, adam, rmsprop, projected_descent
# not in the catalogue


def stopping(function):
    def run(*args):
        path = function(*args)
        still = [k for k in range(1, len(path)) if np.array_equal(path[k], path[k - 1])]
        return path[: still[0] + 1] if still else path

    return run


full_adagrad, adam, rmsprop = map(stopping, (full_adagrad, adam, rmsprop))


def projected_descent(A, b, x0, step_size, steps, radius):
    path = [x0]
    for _ in range(steps):
        y = path[-1] - step_size * (A @ path[-1] - b)
        length = np.linalg.norm(y)
        path.append(y / length * min(length, radius))
    return np.array(path)
