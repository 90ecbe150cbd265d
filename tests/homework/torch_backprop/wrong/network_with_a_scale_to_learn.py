# base: dynamic_layers
# wrong: Network
# not in the catalogue


class Network(Network):
    def __init__(self, sizes, name, seed, dropout=0.0):
        super().__init__(sizes, name, seed, dropout)
        self.scale = Parameter(torch.ones(()))

    def forward(self, X):
        return self.scale * super().forward(X)
