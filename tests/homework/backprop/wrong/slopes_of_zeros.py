# base: reference
# wrong: activation_gradient
# may say: Your slope of linear is 0: it is 1.


def activation_gradient(name, a):
    return np.zeros_like(a)
