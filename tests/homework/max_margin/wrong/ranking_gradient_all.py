# base: reference
# wrong: ranking_subgradient
# is: ranking_subgradient_of_all

def ranking_subgradient(w, Phi, q, r, C):
    return w - C * _differences(Phi, q, r).sum(axis=0)
