# base: dataclasses
# wrong: backward
# not in the catalogue

_right = backward
def backward(output):
    _right(output)
    for box in order(output):
        box.grad = np.clip(box.grad, -0.1, 0.1)
