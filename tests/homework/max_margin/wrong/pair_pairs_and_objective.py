# base: reference
# wrong: preference_pairs, ranking_objective
# is: pairs_turned_round, ranking_without_c
# may say: multiplied by
# may say: has the wrong sign
# may say: have the wrong sign

_ranking_objective = ranking_objective


def preference_pairs(q, r):
    return np.argwhere((q[:, None] == q) & (r[:, None] < r))


def ranking_objective(w, Phi, q, r, C):
    return _ranking_objective(w, Phi, q, r, 1.0)
