# base: vectorised
# wrong: log_odds
# is: log_odds_turned_round


def log_odds(p):
    return np.log((1 - p) / p)
