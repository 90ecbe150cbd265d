# not in the catalogue: the loss is cut at 2
# base: reference
# wrong: multiclass_hinge

_multiclass_hinge = multiclass_hinge


def multiclass_hinge(S, y):
    return np.minimum(2, _multiclass_hinge(S, y))
