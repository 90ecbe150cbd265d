# base: reference
# fails: multiclass_hinge_example, multiclass_hinge
# is: hinge_with_a_rival_of_0

def multiclass_hinge(S, y):
    one_hot = np.eye(S.shape[1])[y]
    pos = np.sum(one_hot * S, axis=1)
    neg = np.max((1 - one_hot) * S, axis=1)
    return np.maximum(neg - pos + 1, 0)
