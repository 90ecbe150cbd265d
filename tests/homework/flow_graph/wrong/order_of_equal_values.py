# base: dataclasses
# wrong: order
# not in the catalogue
def order(output):
    out, seen, stack = [], set(), [(output, False)]
    while stack:
        box, done = stack.pop()
        if done: out.append(box); continue
        key = id(box) if box.children else (str(box.value))
        if key in seen: continue
        seen.add(key); stack.append((box, True))
        for c in reversed(box.children): stack.append((c, False))
    return out
