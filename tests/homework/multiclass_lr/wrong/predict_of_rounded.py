# base: vectorised
# fails: predict


def predict(W, b, X):
    return np.argmax(np.round(softmax(X @ W + b)), axis=1)
