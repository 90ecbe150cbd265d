# not in the catalogue: RankNet's loss
# base: reference
# wrong: ranking_objective

def ranking_objective(w, Phi, q, r, C):
    D = _differences(Phi, q, r)
    return 0.5 * w @ w + C * np.log1p(np.exp(-D @ w)).sum()
