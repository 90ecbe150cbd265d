# not in the catalogue: without the mean
# base: reference
# wrong: centre


def centre(X):
    return X - X.mean(axis=0)
