# base: reference
# wrong: subgradient
# is: subgradient_of_the_summed_hinge

def subgradient(W, X, y, C):
    V = (_augmented(X @ W, y) > 0) * 1.0
    V[np.arange(len(y)), y] -= V.sum(axis=1)
    return W + C * X.T @ V
