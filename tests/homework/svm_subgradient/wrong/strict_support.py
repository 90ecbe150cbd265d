# base: loops
# wrong: support_vectors
# is: support_vectors_strictly


def support_vectors(w, b, X, y, tol):
    return [i for i in range(len(y)) if y[i] * (np.dot(w, X[i]) + b) < 1 + tol]
