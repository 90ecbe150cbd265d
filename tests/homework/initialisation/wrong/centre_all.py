# base: reference
# wrong: centre
# is: centre_of_everything


def centre(X):
    return X - X.mean(), np.full(X.shape[1], X.mean())
