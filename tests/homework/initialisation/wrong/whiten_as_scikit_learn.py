# base: reference
# fails: whiten_example, whiten
# is: whiten_as_in_scikit_learn


def whiten(X, k, eps):
    U = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)[0]
    return U[:, :k] * np.sqrt(len(X) - 1)
