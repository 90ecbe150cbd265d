# base: reference
# wrong: meets_conditions
# not in the catalogue


def meets_conditions(schedule, delta):
    p = {"constant": 0, "inverse": 1}.get(schedule, delta)
    return p <= 1, p >= 0.75
