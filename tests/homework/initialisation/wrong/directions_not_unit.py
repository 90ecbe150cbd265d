# not in the catalogue: largest entry 1
# base: reference
# wrong: principal_directions


def principal_directions(X, k):
    Z = X - X.mean(axis=0)
    v, V = np.linalg.eigh(Z.T @ Z / len(X))
    W = V[:, ::-1][:, :k]
    return v[::-1][:k], W / np.abs(W).max(axis=0)
