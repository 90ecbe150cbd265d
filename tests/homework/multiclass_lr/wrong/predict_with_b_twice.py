# fails: test_predict
# added to: vectorised


def predict(W, b, X):
    return np.argmax(X @ W + 2 * b, axis=1)
