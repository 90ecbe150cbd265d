# base: dataclasses
# wrong: backward
# not in the catalogue

_right = backward
def backward(output):
    _right(output)
    for box in order(output):
        if box.children and box is not output:
            box.grad = np.zeros_like(box.grad)
