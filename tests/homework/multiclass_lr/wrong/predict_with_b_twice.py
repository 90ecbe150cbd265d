# base: vectorised
# fails: predict


def predict(W, b, X):
    return np.argmax(X @ W + 2 * b, axis=1)
