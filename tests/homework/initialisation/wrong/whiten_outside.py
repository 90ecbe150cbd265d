# base: reference
# wrong: whiten
# is: whiten_eps_outside


def whiten(X, k, eps):
    v, V = principal_directions(X, k)
    return centre(X)[0] @ V / (np.sqrt(v) + eps)
