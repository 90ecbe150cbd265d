# base: reference
# wrong: error
# is: error_with_a_root


def error(w, Phi, y):
    return float(np.linalg.norm(Phi @ w - y) / np.sqrt(len(y)))
