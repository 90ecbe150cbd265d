# base: dataclasses
# wrong: order
# not in the catalogue

_right_order = order
def order(output):
    return iter(_right_order(output))

def backward(output):
    boxes = list(order(output))
    for box in boxes:
        box.grad = np.zeros_like(box.value, dtype=float)
    output.grad = np.ones_like(output.value, dtype=float)
    for box in reversed(boxes):
        box.bprop()
