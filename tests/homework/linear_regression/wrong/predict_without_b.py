# base: vectorised
# wrong: predict
# is: predict_without_b


def predict(w, b, X):
    return X @ w
