# base: reference
# wrong: derivative, risk_gradient
# is: derivative_sigmoid_slope_rises, gradient_as_a_sum
# may say: multiplied by -n

_right_loss = loss
_right_slope = derivative


def derivative(name, t):
    t = np.asarray(t, float)
    return _right_loss('sigmoid', t) * (1 - _right_loss('sigmoid', t)) if name == "sigmoid" else _right_slope(name, t)


def risk_gradient(name, w, b, X, y):
    a = derivative(name, y * (X @ w + b)) * y
    return a @ X, a.sum()
