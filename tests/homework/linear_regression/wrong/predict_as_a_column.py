# base: vectorised
# fails: predict_example, predict
# is: predict_as_a_column


def predict(w, b, X):
    return X @ w[:, None] + b
