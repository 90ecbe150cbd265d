# fails: everything

def loss(name, t)
    return 0
