# base: reference
# wrong: principal_directions
# is: directions_with_singular_values


def principal_directions(X, k):
    Z = X - X.mean(axis=0)
    _, s, Vt = np.linalg.svd(Z, full_matrices=False)
    return s[:k], Vt[:k].T
