# not in the catalogue: |x|^p
# base: reference
# wrong: features


def features(x, degree):
    return np.abs(x)[:, None] ** np.arange(degree + 1)
