# base: dataclasses
# wrong: order
# may say: ...
# not in the catalogue

def order(output):
    return [output.value]
