# base: reference
# wrong: swapped_pairs
# is: swapped_without_ties

def swapped_pairs(scores, q, r):
    i, j = preference_pairs(q, r).T
    return (scores[i] < scores[j]).sum()
