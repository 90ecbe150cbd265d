# Each has the formula without the margin for itself.
# base: reference
# wrong: multiclass_hinge, subgradient
# is: hinge_without_the_margin, subgradient_of_rivals_without_margin

def multiclass_hinge(S, y):
    return S.max(axis=1) - S[np.arange(len(y)), y]


def subgradient(W, X, y, C):
    S, rows = X @ W, np.arange(len(y))
    pulls, rivals = np.zeros(S.shape), S.argmax(axis=1)
    pulls[rows, rivals] += 1.0
    pulls[rows, y] -= 1.0
    return W + C * X.T @ pulls
