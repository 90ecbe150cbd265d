# base: reference
# fails: principal_directions_example, principal_directions
# is: directions_with_vectors_in_rising_order


def principal_directions(X, k):
    Z = X - X.mean(axis=0)
    values, V = np.linalg.eigh(Z.T @ Z / len(X))
    return values[::-1][:k], V[:, :k]
