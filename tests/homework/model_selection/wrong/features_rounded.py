# not in the catalogue: rounded to two places
# base: reference
# wrong: features


def features(x, degree):
    return np.round(x[:, None] ** np.arange(degree + 1), 2)
