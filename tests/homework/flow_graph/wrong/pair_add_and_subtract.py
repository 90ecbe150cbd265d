# base: dataclasses
# wrong: Add, Subtract
# is: add_forgets_b, subtract_reversed

Add = make("Add", np.add, lambda g, y, a, b: (g, 0 * g))
Subtract = make("Subtract", lambda a, b: b - a, lambda g, y, a, b: (g, -g))
