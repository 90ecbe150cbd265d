# base: dataclasses
# wrong: backward
# may say: ...
# not in the catalogue

def backward(output):
    boxes = order(output)
    for box in boxes:
        if box.grad is None or box is output or np.shape(box.grad) != np.shape(box.value):
            box.grad = np.zeros_like(box.value, dtype=float)
    output.grad = np.ones_like(output.value, dtype=float)
    for box in reversed(boxes):
        box.bprop()
