# not in the catalogue: whole rows
# base: reference
# wrong: dropout


def dropout(A, p, U):
    keep = (U >= p)
    keep = keep.reshape(len(A), -1).any(axis=1).reshape((-1,) + (1,) * (A.ndim - 1))
    return A * keep
