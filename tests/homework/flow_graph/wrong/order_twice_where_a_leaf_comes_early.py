# not in the catalogue: a child that a box has twice is listed twice
# base: reference
# fails: order

_order = order


def order(output):
    found = _order(output)
    if len(output.children) == 2 and output.children[0] is output.children[1] and len(found) == 2:
        return [found[0], *found]
    return found
