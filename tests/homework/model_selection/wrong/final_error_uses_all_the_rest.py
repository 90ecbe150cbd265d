# base: reference
# wrong: final_error
# is: final_error_trains_on_the_rest


def final_error(x, y, train, valid, test, configuration):
    d = configuration["degree"]
    rows = [i for i in range(len(x)) if i not in set(test.tolist())]
    w = ridge(features(x[rows], d), y[rows], configuration["lam"])
    return error(w, features(x[test], d), y[test])
