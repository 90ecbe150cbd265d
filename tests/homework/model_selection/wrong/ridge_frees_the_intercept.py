# base: reference
# wrong: ridge
# is: ridge_with_a_free_constant


def ridge(Phi, y, lam):
    P = np.eye(Phi.shape[1])
    P[0, 0] = 0
    return np.linalg.pinv(Phi.T @ Phi + lam * P) @ (Phi.T @ y)
