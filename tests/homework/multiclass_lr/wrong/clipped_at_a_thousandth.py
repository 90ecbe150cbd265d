# base: vectorised
# fails: log_likelihood


def log_likelihood(W, b, X, y):
    P = np.clip(softmax(X @ W + b), 1e-3, 1)
    return float(np.log(P[np.arange(len(y)), y]).sum())
