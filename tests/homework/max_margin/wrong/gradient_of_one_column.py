# base: reference
# wrong: subgradient
# is: subgradient_without_the_right_class

def subgradient(W, X, y, C):
    V = np.zeros((len(y), W.shape[1]))
    A = _augmented(X @ W, y)
    for i, a in enumerate(A):
        if a.max() > 0:
            V[i, a.argmax()] = 1
    return W + C * X.T @ V
