# base: vectorised
# fails: descent, descent_takes_every_step
# not in the catalogue

exact_descent = gradient_descent


def gradient_descent(A, b, x0, step_size, steps):
    return exact_descent(A, b, x0, step_size * (1 - 1e-6), steps)
