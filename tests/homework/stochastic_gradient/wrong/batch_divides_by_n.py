# base: reference
# wrong: batch_gradient
# is: batch_by_n


def batch_gradient(w, X, y, indices):
    return X[indices].T @ (X[indices] @ w - y[indices]) / len(y)
