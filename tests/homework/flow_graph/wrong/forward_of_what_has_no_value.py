# base: dataclasses
# wrong: forward
# is: forward_once

def forward(output):
    for box in order(output):
        if box.value is None:
            box.fprop()
    return output.value
