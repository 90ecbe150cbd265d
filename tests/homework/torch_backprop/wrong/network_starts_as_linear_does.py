# base: sequential
# wrong: Network
# may say: Your weights start as those of nn.Linear do
# not in the catalogue

class Network(Network):
    def __init__(self, sizes, name, seed, dropout=0.0):
        super().__init__(sizes, name, seed, dropout)
        torch.manual_seed(seed)
        for layer in self.net:
            if isinstance(layer, nn.Linear):
                layer.reset_parameters()
