# base: reference
# wrong: search
# is: search_trains_on_both


def search(x, y, train, valid, configurations):
    errors = []
    for c in configurations:
        w = ridge(features(x[np.append(train, valid)], c["degree"]), y[np.append(train, valid)], c["lam"])
        errors.append(error(w, features(x[valid], c["degree"]), y[valid]))
    return int(np.argmin(errors)), np.array(errors)
