# base: reference
# wrong: multiclass_hinge
# is: hinge_with_itself

def multiclass_hinge(S, y):
    return (S - S[np.arange(len(y)), y][:, None] + 1).max(axis=1)
