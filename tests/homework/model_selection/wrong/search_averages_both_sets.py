# not in the catalogue: the mean of both errors
# base: reference
# wrong: search


def search(x, y, train, valid, configurations):
    errors = []
    for c in configurations:
        w = ridge(features(x[train], c["degree"]), y[train], c["lam"])
        errors.append((error(w, features(x[train], c["degree"]), y[train]) + error(w, features(x[valid], c["degree"]), y[valid])) / 2)
    return int(np.argmin(errors)), np.array(errors)
