# base: reference
# wrong: preference_pairs
# not in the catalogue
# may say: Your preference_pairs finds only pairs with i < j: the better document may come later.

def preference_pairs(q, r):
    better = (q[:, None] == q) & (r[:, None] > r)
    return np.argwhere(np.triu(better))
