# not in the catalogue: loops over the first two names
# base: reference
# wrong: grid


def grid(space):
    (a, one), (b, two) = list(space.items())[:2] if len(space) > 1 else [*space.items(), (None, [0])]
    return [{a: x, b: y} if b else {a: x} for x in one for y in two]
