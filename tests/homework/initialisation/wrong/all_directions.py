# base: reference
# fails: principal_directions_example, principal_directions


def principal_directions(X, k):
    Z = X - X.mean(axis=0)
    values, V = np.linalg.eigh(Z.T @ Z / len(X))
    return values[::-1], V[:, ::-1]


def reconstruct(X, k):
    Z, mean = centre(X)
    _, V = principal_directions(X, k)
    return Z @ V @ V.T + mean


def whiten(X, k, eps):
    Z, _ = centre(X)
    values, V = principal_directions(X, k)
    return Z @ V[:, :k] / np.sqrt(values[:k] + eps)
