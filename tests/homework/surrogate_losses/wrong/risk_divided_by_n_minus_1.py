# not in the catalogue: n - 1
# base: reference
# wrong: empirical_risk

def empirical_risk(name, w, b, X, y):
    return loss(name, y * (X @ w + b)).sum() / (len(y) - 1 + 1e-9)
