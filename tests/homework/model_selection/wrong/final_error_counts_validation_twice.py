# not in the catalogue: validation examples count twice
# base: reference
# wrong: final_error


def final_error(x, y, train, valid, test, configuration):
    d = configuration["degree"]
    rows = np.concatenate([train, valid, valid])
    w = ridge(features(x[rows], d), y[rows], configuration["lam"])
    return error(w, features(x[test], d), y[test])
