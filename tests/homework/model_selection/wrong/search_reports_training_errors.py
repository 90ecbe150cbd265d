# base: reference
# wrong: search
# is: search_on_the_training_set


def search(x, y, train, valid, configurations):
    errors = []
    for c in configurations:
        w = ridge(features(x[train], c["degree"]), y[train], c["lam"])
        errors.append(error(w, features(x[train], c["degree"]), y[train]))
    return int(np.argmin(errors)), np.array(errors)
