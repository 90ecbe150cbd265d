# not in the catalogue: it cannot be read
# fails: everything

def objective(W, X, y, C)
    return 0
