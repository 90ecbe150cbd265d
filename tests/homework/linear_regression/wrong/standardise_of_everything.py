# base: vectorised
# wrong: standardise
# is: standardise_of_everything


def standardise(X):
    return (X - X.mean()) / (X.std() or 1.0), np.full(X.shape[1], X.mean()), np.full(X.shape[1], X.std() or 1.0)
