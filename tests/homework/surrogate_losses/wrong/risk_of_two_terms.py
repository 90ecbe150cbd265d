# not in the catalogue: each class counts alike
# base: reference
# wrong: empirical_risk

def empirical_risk(name, w, b, X, y):
    m = y * (X @ w + b)
    return (loss(name, m[y > 0]).sum() / max((y > 0).sum(), 1) + loss(name, m[y < 0]).sum() / max((y < 0).sum(), 1)) / 2
