# not in the catalogue: the first example is left out of gw
# base: reference
# wrong: risk_gradient

def risk_gradient(name, w, b, X, y):
    a = derivative(name, y * (X @ w + b)) * y
    return X[1:].T @ a[1:] / len(y), a.mean()
