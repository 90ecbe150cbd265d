# base: reference
# wrong: dropout, inverted_dropout
# may say: Your inverted_dropout divides by p: by 1 - p.


def dropout(A, p, U):
    return A * (np.random.default_rng(0).random(A.shape) >= p)


def inverted_dropout(A, p, U):
    return A * (U >= p) / max(p, 1e-12)
