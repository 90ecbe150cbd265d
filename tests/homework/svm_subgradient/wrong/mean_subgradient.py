# base: loops
# wrong: subgradient
# is: subgradient_with_a_mean, fit_descends_the_mean


def subgradient(w, b, X, y, C):
    gw, gb, n = np.array(w, float), 0, len(y)
    for i in range(n):
        if y[i] * (np.dot(w, X[i]) + b) < 1:
            gw -= C * y[i] * X[i] / n
            gb -= C * y[i] / n
    return gw, gb
