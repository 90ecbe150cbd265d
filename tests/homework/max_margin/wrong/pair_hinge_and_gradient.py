# base: reference
# wrong: multiclass_hinge, subgradient
# is: hinge_with_itself, subgradient_without_c
# may say: multiplied by
# may say: has the wrong sign
# may say: have the wrong sign

_subgradient = subgradient


def multiclass_hinge(S, y):
    return (S - S[np.arange(len(y)), y][:, None] + 1).max(axis=1)


def subgradient(W, X, y, C):
    return _subgradient(W, X, y, 1.0)
