# base: dynamic_layers
# wrong: Network
# not in the catalogue


class Network(Network):
    def forward(self, X):
        h = X
        for number, layer in enumerate(self.layers[:-1]):
            h = self.g(layer(h))
            h = F.dropout(h, self.dropout if number == 0 else 0.0, self.training)
        return self.layers[-1](h)
