# base: reference
# fails: centre_example, centre
# not in the catalogue: one mean of everything, as a number


def centre(X):
    mean = X.mean()
    return X - mean, mean
