# base: reference
# wrong: grid
# is: grid_first_name_fastest


def grid(space):
    rows = [{}]
    for name, values in space.items():
        rows = [{**row, name: value} for value in values for row in rows]
    return rows
