# base: dataclasses
# wrong: backward
# not in the catalogue

_right = backward
def backward(output):
    _right(output)
    for box in order(output):
        if isinstance(box, Input):
            box.grad = None
