# base: reference
# wrong: summed_hinge
# is: summed_divided_by_k

def summed_hinge(S, y):
    return np.maximum(_augmented(S, y), 0).mean(axis=1)
