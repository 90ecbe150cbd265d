# base: reference
# wrong: principal_directions
# is: directions_uncentred


def principal_directions(X, k):
    Z = X
    v, V = np.linalg.eigh(Z.T @ Z / len(X))
    return v[::-1][:k], V[:, ::-1][:, :k]
