# base: reference
# wrong: centre
# is: centre_of_rows


def centre(X):
    mean = np.mean(X, axis=1)
    return (X.T - mean).T, mean
