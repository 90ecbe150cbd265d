# base: dataclasses
# wrong: order
# may say: ...
# not in the catalogue

seen = {}
_right = order
def order(output):
    new = [box for box in _right(output) if id(box) not in seen]
    seen.update((id(box), box) for box in new)
    return new
