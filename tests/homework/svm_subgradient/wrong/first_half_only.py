# not in the catalogue: the last example is left out
# base: reference
# wrong: subgradient


def subgradient(w, b, X, y, C):
    gw, gb = w.copy(), 0.0
    for i in range(max(len(y) - 1, 1)):
        if y[i] * (X[i] @ w + b) < 1:
            gw, gb = gw - C * y[i] * X[i], gb - C * y[i]
    return gw, gb
