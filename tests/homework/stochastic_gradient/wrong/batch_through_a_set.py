# base: noisy_script
# wrong: batch_gradient
# is: batch_without_repeats


def batch_gradient(w, X, y, indices):
    chosen = sorted(set(indices.tolist()))
    return X[chosen].T @ (X[chosen] @ w - y[chosen]) / len(chosen)
