# base: reference
# wrong: meets_conditions
# not in the catalogue


def meets_conditions(schedule, delta):
    if schedule == "inverse":
        return delta <= 1, True
    return {"constant": (True, False)}.get(schedule, (delta <= 1, delta > 0.5))
