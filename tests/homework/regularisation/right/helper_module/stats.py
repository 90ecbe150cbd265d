def moments(X):
    return X.mean(axis=0), X.var(axis=0)
