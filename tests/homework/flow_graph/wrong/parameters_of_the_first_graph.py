# base: dataclasses
# wrong: parameters
# may say: ...
# not in the catalogue

kept = []
def parameters(output):
    if not kept:
        kept.extend(box for box in order(output) if isinstance(box, Parameter))
    return list(kept)
