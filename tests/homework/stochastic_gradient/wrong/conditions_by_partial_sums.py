# base: reference
# wrong: meets_conditions
# not in the catalogue


def meets_conditions(schedule, delta):
    a = step_sizes(schedule, 1.0, delta, 20000)
    return bool(a.sum() > 20), bool((a**2).sum() < 20)
