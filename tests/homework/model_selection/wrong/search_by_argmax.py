# base: reference
# wrong: search
# is: search_takes_the_highest


def search(x, y, train, valid, configurations):
    errors = []
    for c in configurations:
        w = ridge(features(x[train], c["degree"]), y[train], c["lam"])
        errors.append(error(w, features(x[valid], c["degree"]), y[valid]))
    return int(np.argmax(errors)), np.array(errors)
