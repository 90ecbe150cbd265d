# base: reference
# wrong: summed_hinge
# is: summed_with_itself

def summed_hinge(S, y):
    return np.maximum(0, S - S[np.arange(len(y)), y][:, None] + 1).sum(axis=1)
