# base: reference
# wrong: final_error
# is: final_error_of_the_training_set


def final_error(x, y, train, valid, test, configuration):
    d = configuration["degree"]
    w = ridge(features(x[train], d), y[train], configuration["lam"])
    return error(w, features(x[test], d), y[test])
