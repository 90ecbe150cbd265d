# not in the catalogue: a threshold of 1.01
# base: reference
# wrong: ranking_subgradient

def ranking_subgradient(w, Phi, q, r, C):
    D = _differences(Phi, q, r)
    return w - C * D[D @ w < 1.01].sum(axis=0)
