# not in the catalogue: the median
# base: reference
# wrong: empirical_risk

def empirical_risk(name, w, b, X, y):
    return np.median(loss(name, y * (X @ w + b)))
