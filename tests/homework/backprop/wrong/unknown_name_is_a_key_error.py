# base: half_float32
# fails: activation
# is: 
# not in the catalogue

def activation(name, a):
    return acts[name][0](a)
