# not in the catalogue: Taylor's terms
# base: reference
# wrong: features


def features(x, degree):
    from math import factorial

    return np.stack([x**p / factorial(p) for p in range(degree + 1)], axis=1)
