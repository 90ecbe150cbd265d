# base: dataclasses
# wrong: parameters
# not in the catalogue

def parameters(output):
    return [box for box in order(output) if not box.children]
