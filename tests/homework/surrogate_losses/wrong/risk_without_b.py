# base: reference
# wrong: empirical_risk
# is: risk_without_b

def empirical_risk(name, w, b, X, y):
    return np.mean(loss(name, y * (X @ w)))
