# base: reference
# wrong: adam
# not in the catalogue
_whole_adam = adam


def adam(A, b, x0, step_size, beta1, beta2, eps, steps):
    return _whole_adam(A, b, x0, step_size, min(beta1, beta2), max(beta1, beta2), eps, steps)
