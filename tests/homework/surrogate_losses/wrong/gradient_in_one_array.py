# base: reference
# wrong: risk_gradient
# is: gradient_in_one_array

_right_gradient = risk_gradient


def risk_gradient(name, w, b, X, y):
    return np.append(*_right_gradient(name, w, b, X, y))
