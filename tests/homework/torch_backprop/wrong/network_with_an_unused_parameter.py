# base: dynamic_layers
# fails: network_parameters
# not in the catalogue


class Network(Network):
    def __init__(self, sizes, name, seed, dropout=0.0):
        super().__init__(sizes, name, seed, dropout)
        self.temperature = Parameter(torch.ones(1))
        self.layers[0].gain = Parameter(torch.ones(sizes[1], sizes[0]))
