# base: reference
# wrong: ranking_objective
# not in the catalogue

def ranking_objective(w, Phi, q, r, C):
    D = _differences(Phi, q, r)
    return float(0.5 * w @ w + C * np.maximum(0.0, 1.0 - D @ w).sum()) if len(D) else 0.0
