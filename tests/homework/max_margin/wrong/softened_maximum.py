# not in the catalogue: a soft maximum
# base: reference
# wrong: multiclass_hinge

def multiclass_hinge(S, y):
    A = _augmented(S, y)
    return np.log(np.exp(20 * A).sum(axis=1)) / 20
