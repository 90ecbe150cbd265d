# base: reference
# wrong: preference_pairs
# is: pairs_turned_round

def preference_pairs(q, r):
    return np.argwhere((q[:, None] == q) & (r[:, None] < r))
