# not in the catalogue: by p, guarded
# base: reference
# wrong: inverted_dropout
# may say: Your inverted_dropout divides by p: by 1 - p.


def inverted_dropout(A, p, U):
    return A * (U >= p) / max(p, 1e-12)
