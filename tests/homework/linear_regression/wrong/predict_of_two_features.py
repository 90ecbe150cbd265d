# base: vectorised
# wrong: predict
# not in the catalogue


def predict(w, b, X):
    return X[:, 0] * w[0] + X[:, -1] * w[-1] + b
