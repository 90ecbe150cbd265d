# base: vectorised
# fails: standardise_a_constant_column, standardise_constant_columns
# is: standardise_with_zero_by_zero


def standardise(X):
    mean, std = X.mean(axis=0), X.std(axis=0)
    return (X - mean) / std, mean, std
