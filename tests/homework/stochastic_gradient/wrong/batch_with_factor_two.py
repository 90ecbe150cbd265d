# base: reference
# fails: batch_gradient_example, batch_gradient
# may say: Your batch_gradient is doubled: the factor 1/2 cancels the 2.


def batch_gradient(w, X, y, indices):
    return 2 * X[indices].T @ (X[indices] @ w - y[indices]) / len(indices)
