# base: reference
# wrong: risk_gradient
# is: gradient_without_labels

def risk_gradient(name, w, b, X, y):
    a = derivative(name, y * (X @ w + b))
    return a @ X / len(y), a.mean()
