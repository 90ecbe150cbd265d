# not in the catalogue: ignores U
# base: reference
# wrong: dropout


def dropout(A, p, U):
    return A * (np.random.default_rng(0).random(A.shape) >= p)
