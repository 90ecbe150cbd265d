# base: reference
# wrong: principal_directions
# is: directions_unbiased


def principal_directions(X, k):
    Z = X - X.mean(axis=0)
    v, V = np.linalg.eigh(np.cov(X.T).reshape(X.shape[1], -1))
    return v[::-1][:k], V[:, ::-1][:, :k]
