# base: reference
# wrong: multiclass_hinge
# is: hinge_without_the_margin

def multiclass_hinge(S, y):
    return S.max(axis=1) - S[np.arange(len(y)), y]
