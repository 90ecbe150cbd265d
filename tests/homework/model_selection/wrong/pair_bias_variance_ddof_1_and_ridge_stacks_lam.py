# base: reference
# wrong: bias_variance, ridge
# is: bias_variance_unbiased, ridge_with_the_square


def bias_variance(predictions, truth):
    m = predictions.mean(axis=0)
    return np.mean((m - truth) ** 2), np.mean(np.var(predictions, axis=0, ddof=1))


def ridge(Phi, y, lam):
    m = Phi.shape[1]
    A = np.vstack([Phi, lam * np.eye(m)])
    return np.linalg.lstsq(A, np.append(y, np.zeros(m)), rcond=None)[0]
