# not in the catalogue: one power short, but for degree 0
# base: reference
# wrong: features
# may say: Your features stop one power early: the last is x^degree.


def features(x, degree):
    return np.stack([x**p for p in range(max(degree, 1))], axis=1)
