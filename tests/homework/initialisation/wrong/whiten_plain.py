# base: reference
# wrong: whiten
# is: whiten_without_eps


def whiten(X, k, eps):
    v, V = principal_directions(X, k)
    return centre(X)[0] @ V / np.sqrt(v)
