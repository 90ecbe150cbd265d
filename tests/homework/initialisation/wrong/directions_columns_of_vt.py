# base: reference
# fails: principal_directions
# is: directions_from_columns_of_vt


def principal_directions(X, k):
    _, s, Vt = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    return s[:k] ** 2 / len(X), Vt[:, :k]
