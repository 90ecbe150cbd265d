# base: dataclasses
# wrong: order
# not in the catalogue

def order(output):
    return [box for child in output.children for box in order(child)] + [output]
