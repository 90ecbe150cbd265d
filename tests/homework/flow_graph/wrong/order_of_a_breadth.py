# base: dataclasses
# wrong: order
# not in the catalogue

def order(output):
    found, level = [], [output]
    while level:
        found += [box for box in level if not any(box is other for other in found)]
        level = list({id(child): child for box in level for child in box.children}.values())
    return found[::-1]
