# base: reference
# wrong: features
# is: features_fall


def features(x, degree):
    return np.vander(x, degree + 1)
