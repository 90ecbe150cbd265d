# base: half_float32
# wrong: activation
# not in the catalogue

def activation(name, a):
    return acts[name][0](a)
