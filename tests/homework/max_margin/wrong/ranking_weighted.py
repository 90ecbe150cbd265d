# not in the catalogue: weighs by the difference of the grades
# base: reference
# wrong: ranking_objective

def ranking_objective(w, Phi, q, r, C):
    i, j = preference_pairs(q, r).T
    return 0.5 * w @ w + C * np.sum((r[i] - r[j]) * np.maximum(0, 1 - (Phi[i] - Phi[j]) @ w))
