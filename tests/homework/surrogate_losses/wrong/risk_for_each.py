# not in the catalogue: no mean at all
# base: reference
# wrong: empirical_risk

def empirical_risk(name, w, b, X, y):
    return loss(name, y * (X @ w + b))
