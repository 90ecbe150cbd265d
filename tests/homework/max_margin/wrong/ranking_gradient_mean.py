# base: reference
# wrong: ranking_subgradient
# is: ranking_subgradient_with_a_mean

def ranking_subgradient(w, Phi, q, r, C):
    D = _differences(Phi, q, r)
    return w - C / len(D) * D[D @ w < 1].sum(axis=0)
