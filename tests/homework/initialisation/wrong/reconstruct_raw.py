# base: reference
# wrong: reconstruct
# is: reconstruct_uncentred


def reconstruct(X, k):
    V = principal_directions(X, k)[1]
    return X @ V @ V.T
