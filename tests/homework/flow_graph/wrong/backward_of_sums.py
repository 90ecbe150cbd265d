# base: dataclasses
# wrong: backward
# not in the catalogue

def backward(output):
    boxes = order(output)
    for box in boxes:
        box.grad = np.zeros_like(box.value, dtype=float)
    output.grad = np.ones_like(output.value, dtype=float) / np.size(output.value)
    for box in reversed(boxes):
        box.bprop()
