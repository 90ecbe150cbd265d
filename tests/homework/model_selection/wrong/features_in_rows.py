# base: reference
# wrong: features
# is: features_transposed


def features(x, degree):
    return np.array([x**p for p in range(degree + 1)])
