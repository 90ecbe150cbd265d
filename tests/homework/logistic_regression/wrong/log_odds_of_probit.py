# base: vectorised
# wrong: log_odds
# not in the catalogue


def log_odds(p):
    return 4 * (p - 0.5)
