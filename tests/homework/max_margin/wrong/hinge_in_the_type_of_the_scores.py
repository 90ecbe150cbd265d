# base: loops
# wrong: multiclass_hinge
# not in the catalogue: an array of whole numbers holds no infinity.
def multiclass_hinge(S, y):
    others = np.array(S)
    others[np.arange(len(y)), y] = -np.inf
    return np.maximum(0, 1 + others.max(axis=1) - np.array(S)[np.arange(len(y)), y])
