# base: vectorised
# wrong: predict
# not in the catalogue


def predict(w, b, X):
    return np.round(X @ w + b, 2)
