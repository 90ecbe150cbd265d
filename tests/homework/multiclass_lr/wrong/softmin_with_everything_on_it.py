# base: vectorised
# fails: softmax_example, softmax_of_huge_scores, softmax, softmax_of_far_rows
# may say: ...


def softmax(Z):
    E = np.exp(Z.min(axis=1, keepdims=True) - Z)
    return E / E.sum(axis=1, keepdims=True)


def log_likelihood(W, b, X, y):
    return np.log(softmax(X @ W + b)[np.arange(len(y)), y] + 1e-300).sum()


def objective(W, b, X, y):
    return -np.log(softmax(X @ W + b)[np.arange(len(y)), y] + 1e-300).mean()
