# fails: everything
def sigmoid(t)
    return t
