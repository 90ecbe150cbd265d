# not in the catalogue: stops at the first rise
# base: reference
# wrong: search


def search(x, y, train, valid, configurations):
    errors = []
    for c in configurations:
        w = ridge(features(x[train], c["degree"]), y[train], c["lam"])
        errors.append(error(w, features(x[valid], c["degree"]), y[valid]))
        if errors[-1] > min(errors):
            errors += [np.inf] * (len(configurations) - len(errors))
            break
    return int(np.argmin(errors)), np.array(errors)
