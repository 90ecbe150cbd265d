# base: dataclasses
# wrong: order
# not in the catalogue

_right = order
def order(output):
    return _right(output)[:-1]
