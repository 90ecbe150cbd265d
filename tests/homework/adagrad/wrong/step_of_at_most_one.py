# base: reference
# wrong: adagrad
# not in the catalogue
_whole_adagrad = adagrad


def adagrad(A, b, x0, step_size, steps, eps):
    return _whole_adagrad(A, b, x0, min(step_size, 1.0), steps, eps)
