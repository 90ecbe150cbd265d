# base: reference
# wrong: ridge
# is: ridge_with_the_square


def ridge(Phi, y, lam):
    m = Phi.shape[1]
    A = np.vstack([Phi, lam * np.eye(m)])
    return np.linalg.lstsq(A, np.append(y, np.zeros(m)), rcond=None)[0]
