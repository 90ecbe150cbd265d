# base: reference
# wrong: risk_gradient
# is: gradient_as_a_sum

def risk_gradient(name, w, b, X, y):
    a = derivative(name, y * (X @ w + b)) * y
    return a @ X, a.sum()
