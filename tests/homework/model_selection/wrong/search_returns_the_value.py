# not in the catalogue: the lowest error in place of its index
# base: reference
# wrong: search


def search(x, y, train, valid, configurations):
    errors = []
    for c in configurations:
        w = ridge(features(x[train], c["degree"]), y[train], c["lam"])
        errors.append(error(w, features(x[valid], c["degree"]), y[valid]))
    return min(errors), np.array(errors)
