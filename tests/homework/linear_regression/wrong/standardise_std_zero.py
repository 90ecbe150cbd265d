# base: vectorised
# fails: standardise_a_constant_column, standardise_constant_columns
# is: standardise_with_std_0


def standardise(X):
    mean, std = X.mean(axis=0), X.std(axis=0)
    return (X - mean) / np.where(std > 0, std, 1.0), mean, std
