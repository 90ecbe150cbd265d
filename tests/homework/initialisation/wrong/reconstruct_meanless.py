# base: reference
# wrong: reconstruct
# is: reconstruct_without_the_mean


def reconstruct(X, k):
    V = principal_directions(X, k)[1]
    return (X - X.mean(axis=0)) @ V @ V.T
