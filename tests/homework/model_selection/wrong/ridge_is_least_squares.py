# base: reference
# wrong: ridge
# is: ridge_without_penalty


def ridge(Phi, y, lam):
    return np.linalg.pinv(Phi) @ y
