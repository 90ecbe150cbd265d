# not in the catalogue: rounded to three places
# base: reference
# wrong: search


def search(x, y, train, valid, configurations):
    errors = []
    for c in configurations:
        w = ridge(features(x[train], c["degree"]), y[train], c["lam"])
        errors.append(round(error(w, features(x[valid], c["degree"]), y[valid]), 3))
    return int(np.argmin(errors)), np.array(errors)
