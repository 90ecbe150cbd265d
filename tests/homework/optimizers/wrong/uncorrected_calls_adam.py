# base: reference
# wrong: adam_uncorrected
# is: uncorrected_is_adam


def adam_uncorrected(A, b, x0, step_size, beta1, beta2, eps, steps):
    return adam(A, b, x0, step_size, beta1, beta2, eps, steps)
