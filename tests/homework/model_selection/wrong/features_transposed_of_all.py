# base: reference
# fails: features_example, features_of_degree_0, features
# says: Your features have one row per power: one row per input is asked for.


def features(x, degree):
    return np.vstack([x**power for power in range(degree + 1)])


def search(x, y, train, valid, configurations):
    errors = []
    for configuration in configurations:
        Phi = features(x, configuration["degree"])
        w = ridge(Phi[train], y[train], configuration["lam"])
        errors.append(error(w, Phi[valid], y[valid]))
    return int(np.argmin(errors)), np.array(errors)


def final_error(x, y, train, valid, test, configuration):
    both = np.concatenate([train, valid])
    Phi = features(x, configuration["degree"])
    w = ridge(Phi[both], y[both], configuration["lam"])
    return error(w, Phi[test], y[test])
