# base: vectorised
# wrong: log_odds
# is: log_odds_clips


def log_odds(p):
    return (lambda q: np.log(q / (1 - q)))(np.clip(p, 1e-7, 1 - 1e-7))
