# base: reference
# wrong: subgradient
# is: subgradient_with_all_ties

def subgradient(W, X, y, C):
    A = _augmented(X @ W, y)
    V = ((A == A.max(axis=1, keepdims=True)) & (A > 0)) * 1.0
    V[np.arange(len(y)), y] -= V.sum(axis=1)
    return W + C * X.T @ V
