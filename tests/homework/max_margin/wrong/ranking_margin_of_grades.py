# not in the catalogue: the grades' difference for a margin
# base: reference
# wrong: ranking_objective

def ranking_objective(w, Phi, q, r, C):
    i, j = preference_pairs(q, r).T
    return 0.5 * w @ w + C * np.sum(np.maximum(0, r[i] - r[j] - (Phi[i] - Phi[j]) @ w))
