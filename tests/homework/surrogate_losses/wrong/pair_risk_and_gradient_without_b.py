# base: reference
# wrong: empirical_risk, risk_gradient
# is: risk_without_b, gradient_at_margins_without_b

_g = risk_gradient


def empirical_risk(name, w, b, X, y):
    return float(np.mean(loss(name, y * (X @ w))))


def risk_gradient(name, w, b, X, y):
    return _g(name, w, 0.0, X, y)
