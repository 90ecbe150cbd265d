# base: vectorised
# wrong: predict
# is: predict_as_a_column
# may say: ...


def predict(w, b, X):
    return X @ w[:, None] + b
