# base: reference
# wrong: multiclass_hinge, preference_pairs
# is: hinge_summed, pairs_of_all_queries
# may say: multiplied by
# may say: has the wrong sign
# may say: have the wrong sign

def multiclass_hinge(S, y):
    return summed_hinge(S, y)


def preference_pairs(q, r):
    return np.argwhere(r[:, None] > r[None])
