# not in the catalogue: where a class is missing, its mean counts as 0
# base: reference
# wrong: empirical_risk

_empirical_risk = empirical_risk


def empirical_risk(name, w, b, X, y):
    if len(y) > 1 and len(np.unique(y)) == 1:
        return _empirical_risk(name, w, b, X, y) / 2
    return _empirical_risk(name, w, b, X, y)
