# base: reference
# wrong: principal_directions, reconstruct
# is: directions_uncentred, reconstruct_without_the_mean


def principal_directions(X, k):
    Z = X
    v, V = np.linalg.eigh(Z.T @ Z / len(X))
    return v[::-1][:k], V[:, ::-1][:, :k]


def reconstruct(X, k):
    V = principal_directions(X, k)[1]
    return (X - X.mean(axis=0)) @ V @ V.T
