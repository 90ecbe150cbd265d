# base: reference
# wrong: empirical_risk
# is: risk_as_a_sum

def empirical_risk(name, w, b, X, y):
    return sum(loss(name, y * (X @ w + b)))
