# base: reference
# wrong: ranking_objective
# is: ranking_with_a_mean

def ranking_objective(w, Phi, q, r, C):
    D = _differences(Phi, q, r)
    return 0.5 * w @ w + C * np.mean(np.maximum(0, 1 - D @ w))
