# base: reference
# wrong: preference_pairs, swapped_pairs
# is: pairs_of_all_queries, swapped_without_ties
# may say: multiplied by
# may say: has the wrong sign
# may say: have the wrong sign

def preference_pairs(q, r):
    return np.argwhere(r[:, None] > r[None])


def swapped_pairs(scores, q, r):
    i, j = preference_pairs(q, r).T
    return (scores[i] < scores[j]).sum()
