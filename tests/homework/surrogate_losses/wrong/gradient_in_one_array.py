# not in the catalogue: one array in place of the pair
# base: reference
# wrong: risk_gradient

_right_gradient = risk_gradient


def risk_gradient(name, w, b, X, y):
    return np.append(*_right_gradient(name, w, b, X, y))
