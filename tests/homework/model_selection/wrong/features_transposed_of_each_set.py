# base: reference
# fails: features_example, features_of_degree_0, features
# says: Your features have one row per power: one row per input is asked for.


def features(x, degree):
    return np.array([x**power for power in range(degree + 1)])


def search(x, y, train, valid, configurations):
    errors = []
    for configuration in configurations:
        w = ridge(features(x[train], configuration["degree"]), y[train], configuration["lam"])
        errors.append(error(w, features(x[valid], configuration["degree"]), y[valid]))
    return int(np.argmin(errors)), np.array(errors)


def final_error(x, y, train, valid, test, configuration):
    both = np.concatenate([train, valid])
    w = ridge(features(x[both], configuration["degree"]), y[both], configuration["lam"])
    return error(w, features(x[test], configuration["degree"]), y[test])
