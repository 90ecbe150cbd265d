# base: reference
# wrong: meets_conditions
# is: conditions_without_one


def meets_conditions(schedule, delta):
    p = {"constant": 0, "inverse": 0.99}.get(schedule, delta)
    return p < 1, p > 0.5
