# not in the catalogue: two functions are not written
# base: reference
# wrong: derivative, risk_gradient

def derivative(name, t):
    raise NotImplementedError


def risk_gradient(name, w, b, X, y):
    raise NotImplementedError
