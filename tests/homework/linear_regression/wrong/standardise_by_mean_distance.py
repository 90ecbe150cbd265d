# base: vectorised
# wrong: standardise
# not in the catalogue


def standardise(X):
    mean, std = X.mean(axis=0), np.abs(X - X.mean(axis=0)).mean(axis=0)
    std = np.where(std > 0, std, 1.0)
    return (X - mean) / std, mean, std
