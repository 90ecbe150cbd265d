# base: reference
# wrong: swapped_pairs
# not in the catalogue

def swapped_pairs(scores, q, r):
    i, j = preference_pairs(q, r).T
    return int(np.sum((scores[i] <= scores[j]) | np.isclose(scores[i], scores[j])))
