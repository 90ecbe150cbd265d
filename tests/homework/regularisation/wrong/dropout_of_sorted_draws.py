# not in the catalogue: a fixed number of units
# base: reference
# wrong: dropout


def dropout(A, p, U):
    k = int(round(p * U.size))
    out = A.flatten()
    out[np.argsort(U, axis=None)[:k]] = 0
    return out.reshape(A.shape)
