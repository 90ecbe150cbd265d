# base: reference
# wrong: preference_pairs
# is: pairs_of_all_queries

def preference_pairs(q, r):
    return np.argwhere(r[:, None] > r[None])
