# not in the catalogue: sample deviations
# base: reference
# wrong: whiten


def whiten(X, k, eps):
    S = centre(X)[0] @ principal_directions(X, k)[1]
    return S / (S.std(axis=0, ddof=1) + eps)
