# base: reference
# fails: step_sizes
# not in the catalogue
unrounded = step_sizes


def step_sizes(schedule, alpha, delta, steps):
    return np.round(unrounded(schedule, alpha, delta, steps), 6)
