# not in the catalogue: the first answer for a shape is given for every later input of it
# base: reference
# wrong: log_odds

_log_odds, _known = log_odds, {}


def log_odds(p):
    key = p.shape
    if key not in _known:
        _known[key] = _log_odds(p)
    return _known[key]
