# base: reference
# wrong: multiclass_hinge
# is: hinge_summed

def multiclass_hinge(S, y):
    return summed_hinge(S, y)
