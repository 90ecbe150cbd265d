# base: dataclasses
# wrong: parameters
# not in the catalogue

def parameters(output):
    found, stack = [], [output]
    while stack:
        box = stack.pop()
        if isinstance(box, Parameter):
            found.append(box)
        stack.extend(box.children)
    return found
