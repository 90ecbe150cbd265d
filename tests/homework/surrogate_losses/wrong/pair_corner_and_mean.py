# base: reference
# wrong: derivative, empirical_risk
# is: derivative_hinge_slope_of_the_perceptron, risk_of_the_worst

_right_loss = loss
_right_slope = derivative


def derivative(name, t):
    t = np.asarray(t, float)
    return np.where(t < 0, -1.0, 0.0) if name == "hinge" else _right_slope(name, t)


def empirical_risk(name, w, b, X, y):
    return float(np.max(loss(name, y * (X @ w + b))))
