# fails: test_predict
# added to: vectorised


def predict(W, b, X):
    return np.argmax(np.round(softmax(X @ W + b)), axis=1)
