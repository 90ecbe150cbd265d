# base: dynamic_layers
# fails: network_drops_hidden_values
# not in the catalogue

class Network(Network):
    def forward(self, X):
        h = X
        for i, layer in enumerate(self.layers):
            h = layer(h)
            if i + 1 < len(self.layers):
                h = self.g(h)
                if self.training:
                    h = h * (torch.rand(h.shape[1]) >= self.dropout) / (1 - self.dropout)
        return h
