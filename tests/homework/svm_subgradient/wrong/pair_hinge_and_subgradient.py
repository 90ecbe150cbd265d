# base: reference
# wrong: hinge_loss, subgradient
# is: hinge_loss_of_the_perceptron, subgradient_of_the_perceptron


def hinge_loss(t):
    return np.maximum(0, -t)


def subgradient(w, b, X, y, C):
    s = y * (y * (X @ w + b) < 0)
    return w - C * s @ X, -C * s.sum()
