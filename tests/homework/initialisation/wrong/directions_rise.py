# base: reference
# wrong: principal_directions
# is: directions_rising


def principal_directions(X, k):
    Z = X - X.mean(axis=0)
    v, V = np.linalg.eigh(Z.T @ Z / len(X))
    return v[-k:], V[:, -k:]
