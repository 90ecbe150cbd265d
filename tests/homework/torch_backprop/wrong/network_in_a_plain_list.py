# base: sequential
# wrong: Network
# not in the catalogue

class Network(nn.Module):
    def __init__(self, sizes, name, seed, dropout=0.0):
        super().__init__()
        torch.manual_seed(seed)
        self.g = dict(sigmoid=torch.sigmoid, tanh=torch.tanh, relu=torch.relu, softplus=F.softplus)[name]
        self.layers = [nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]
        for layer in self.layers:
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, X):
        for layer in self.layers[:-1]:
            X = self.g(layer(X))
        return self.layers[-1](X)
