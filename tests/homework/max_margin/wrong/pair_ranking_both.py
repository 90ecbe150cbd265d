# base: reference
# wrong: ranking_objective, ranking_subgradient
# is: ranking_without_the_half, ranking_subgradient_without_w
# may say: multiplied by
# may say: has the wrong sign
# may say: have the wrong sign

_ranking_objective = ranking_objective
_ranking_subgradient = ranking_subgradient


def ranking_objective(w, Phi, q, r, C):
    return _ranking_objective(w, Phi, q, r, C) + 0.5 * w @ w


def ranking_subgradient(w, Phi, q, r, C):
    return _ranking_subgradient(w, Phi, q, r, C) - w
