# base: own_parameters
# fails: network_of_an_unknown_name
# not in the catalogue

def act(name):
    return {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu, "softplus": Softplus.apply}[name]
