# base: reference
# wrong: steps_to_reach
# not in the catalogue
_whole_steps_to_reach = steps_to_reach


def steps_to_reach(path, A, b, gap):
    return _whole_steps_to_reach(path, A, b, gap) if gap > 0 else -1
