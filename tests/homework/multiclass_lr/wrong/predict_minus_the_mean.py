# base: vectorised
# fails: predict


def predict(W, b, X):
    S = X @ W + b
    return np.argmax(S - S.mean(axis=0), axis=1)
