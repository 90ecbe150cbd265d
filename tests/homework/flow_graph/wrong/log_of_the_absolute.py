# base: recursion_limit
# wrong: Log
# says: The part that is added in the grad of a has the wrong sign.
# not in the catalogue

class Log(Log):
    df = lambda self, a, y: -1 / a
