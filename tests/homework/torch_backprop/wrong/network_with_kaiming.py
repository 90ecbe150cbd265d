# base: sequential
# wrong: Network
# says: Your s is sqrt(6 / in), as of kaiming_uniform_: it is sqrt(6 / (in + out)).
# not in the catalogue

class Network(Network):
    def __init__(self, sizes, name, seed, dropout=0.0):
        super().__init__(sizes, name, seed, dropout)
        for layer in self.net:
            if isinstance(layer, nn.Linear):
                nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
