# base: reference
# wrong: structured_objective
# is: structured_with_a_sum

_structured_objective = structured_objective


def structured_objective(w, X, Y, lam):
    return lam / 2 * w @ w + len(X) * (_structured_objective(w, X, Y, lam) - lam / 2 * w @ w)
