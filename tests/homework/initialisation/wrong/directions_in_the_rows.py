# base: reference
# fails: principal_directions_example, principal_directions
# is: directions_in_rows


def principal_directions(X, k):
    Z = X - X.mean(axis=0)
    v, V = np.linalg.eigh(Z.T @ Z / len(X))
    return v[::-1][:k], V[:, ::-1][:, :k].T
