# base: reference
# wrong: search, final_error
# is: search_takes_the_highest, final_error_of_the_training_set


def search(x, y, train, valid, configurations):
    errors = []
    for c in configurations:
        w = ridge(features(x[train], c["degree"]), y[train], c["lam"])
        errors.append(error(w, features(x[valid], c["degree"]), y[valid]))
    return int(np.argmax(errors)), np.array(errors)


def final_error(x, y, train, valid, test, configuration):
    d = configuration["degree"]
    w = ridge(features(x[train], d), y[train], configuration["lam"])
    return error(w, features(x[test], d), y[test])
