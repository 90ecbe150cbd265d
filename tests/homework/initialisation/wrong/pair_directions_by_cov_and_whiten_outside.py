# base: reference
# wrong: principal_directions, whiten
# is: directions_unbiased, whiten_eps_outside


def principal_directions(X, k):
    Z = X - X.mean(axis=0)
    v, V = np.linalg.eigh(np.cov(X.T).reshape(X.shape[1], -1))
    return v[::-1][:k], V[:, ::-1][:, :k]


def whiten(X, k, eps):
    v, V = principal_directions(X, k)
    return centre(X)[0] @ V / (np.sqrt(v) + eps)
