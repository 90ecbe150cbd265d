# base: reference
# wrong: loss, empirical_risk
# is: loss_natural_logarithm, risk_as_a_sum

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    t = np.asarray(t, float)
    return np.logaddexp(0, -t) if name == "logistic" else _right_loss(name, t)


def empirical_risk(name, w, b, X, y):
    return loss(name, y * (X @ w + b)).sum()
