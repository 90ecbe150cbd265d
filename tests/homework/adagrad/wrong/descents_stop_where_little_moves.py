# base: reference
# fails: descent_takes_every_step, adagrad_takes_every_step
# may say: ...
# not in the catalogue


def until_it_rests(path):
    for k in range(1, len(path)):
        if np.linalg.norm(path[k] - path[k - 1]) < 1e-6:
            path[k:] = path[k]
    return path


all_descents, all_steps_of_adagrad = gradient_descent, adagrad


def gradient_descent(*arguments):
    return until_it_rests(all_descents(*arguments))


def adagrad(*arguments):
    return until_it_rests(all_steps_of_adagrad(*arguments))
