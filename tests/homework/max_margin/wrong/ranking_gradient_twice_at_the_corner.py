# not in the catalogue: pairs at their corner count twice
# base: reference
# wrong: ranking_subgradient

def ranking_subgradient(w, Phi, q, r, C):
    D = _differences(Phi, q, r)
    return w - C * (D[D @ w < 1].sum(axis=0) + 2 * D[D @ w == 1].sum(axis=0))
