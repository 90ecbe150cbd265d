# base: reference
# fails: features_example, features_of_degree_0, features


def features(x, degree):
    return np.column_stack([x**power for power in range(1, degree + 1)])
