# not in the catalogue: at the corner gw counts and gb does not
# base: reference
# wrong: risk_gradient

def risk_gradient(name, w, b, X, y):
    m = y * (X @ w + b)
    a = derivative(name, m) * y
    extra = y * (m == 1) if name == 'hinge' else 0 * y
    return (a - extra) @ X / len(y), a.mean()
