# not in the catalogue: another value than 0
# base: reference
# wrong: dropout


def dropout(A, p, U):
    out = np.array(A)
    out[U < p] = out.flat[0]
    return out
