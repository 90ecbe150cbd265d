# base: reference
# wrong: inverted_dropout
# not in the catalogue
def inverted_dropout(A, p, U):
    return np.where(U >= p, A, 0.0) * min(1 / (1 - p), 10.0)
