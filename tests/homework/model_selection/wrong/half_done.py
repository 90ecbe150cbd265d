# base: reference
# wrong: search, final_error


def search(x, y, train, valid, configurations):
    raise NotImplementedError


def final_error(x, y, train, valid, test, configuration):
    return None
