# base: reference
# wrong: features
# fails: features_example, features


def features(x, degree):
    return np.column_stack([x**p for p in range(max(degree, 1))])
