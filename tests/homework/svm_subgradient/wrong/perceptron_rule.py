# base: loops
# wrong: subgradient
# is: subgradient_of_the_perceptron


def subgradient(w, b, X, y, C):
    gw, gb = np.array(w), 0.0
    for x, t in zip(X, y):
        if np.sign(np.dot(w, x) + b) != t:
            gw, gb = gw - C * t * x, gb - C * t
    return gw, gb
