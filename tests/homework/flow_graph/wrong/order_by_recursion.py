# base: dataclasses
# wrong: order
# fails: order_of_a_deep_chain
# not in the catalogue

def order(output):
    boxes, seen = [], set()

    def visit(box):
        if id(box) not in seen:
            seen.add(id(box))
            for child in box.children:
                visit(child)
            boxes.append(box)
    visit(output)
    return boxes
