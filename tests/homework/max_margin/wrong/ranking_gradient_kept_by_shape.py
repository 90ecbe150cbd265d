# not in the catalogue: the first answer for a shape is given for every later input of it
# base: reference
# wrong: ranking_subgradient

_ranking_subgradient, _known = ranking_subgradient, {}


def ranking_subgradient(w, Phi, q, r, C):
    key = Phi.shape
    if key not in _known:
        _known[key] = _ranking_subgradient(w, Phi, q, r, C)
    return _known[key]
