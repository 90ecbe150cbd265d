# base: reference
# fails: gradient
# not in the catalogue


def quadratic_gradient(x, A, b):
    return np.clip(A @ x - b, -1e3, 1e3)
