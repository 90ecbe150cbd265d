# base: reference
# wrong: search, ridge
# is: search_on_the_training_set, ridge_with_a_free_constant


def search(x, y, train, valid, configurations):
    errors = []
    for c in configurations:
        w = ridge(features(x[train], c["degree"]), y[train], c["lam"])
        errors.append(error(w, features(x[train], c["degree"]), y[train]))
    return int(np.argmin(errors)), np.array(errors)


def ridge(Phi, y, lam):
    P = np.eye(Phi.shape[1])
    P[0, 0] = 0
    return np.linalg.pinv(Phi.T @ Phi + lam * P) @ (Phi.T @ y)
