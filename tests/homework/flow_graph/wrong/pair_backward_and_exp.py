# base: dataclasses
# wrong: backward, Exp
# is: backward_from_value, exp_slope_is_a

Exp = make("Exp", np.exp, lambda g, y, a: (g * a,))
def backward(output):
    boxes = order(output)
    for box in boxes:
        box.grad = np.zeros_like(box.value, dtype=float)
    output.grad = np.array(output.value, dtype=float)
    for box in reversed(boxes):
        box.bprop()
