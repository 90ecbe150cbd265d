# base: vectorised
# says: Your fit adds momentum: each step is step_size times the gradient alone.
# fails: cross_entropy_example, cross_entropy_counts_0_log_0_as_0, cross_entropy
# fails: cross_entropy_of_zeros, fit_follows_gradient_descent, fit_records_every_objective
# fails: fit_learns_digits
# may say: Your cross_entropy uses log2


def cross_entropy(P, Q):
    with np.errstate(divide='ignore', invalid='ignore'):
        return -np.where(P > 0, P * np.log2(Q), 0.0).sum(axis=1)


def fit(X, y, k, steps, step_size):
    n, d = X.shape
    W = np.zeros((d, k)); b = np.zeros(k)
    history = [objective(W, b, X, y)]
    vW = 0 * W; vb = 0 * b
    for _ in range(steps):
        dW, db = gradient(W, b, X, y)
        vW = .9 * vW + dW / n; W = W + step_size * vW
        vb = .9 * vb + db / n; b = b + step_size * vb
        history.append(objective(W, b, X, y))
    return W, b, np.array(history)
