# base: dynamic_layers
# wrong: Network
# is: network_always_drops
# may say: Your predict drops hidden values

class Network(Network):
    def forward(self, X):
        h = X
        for i, layer in enumerate(self.layers):
            h = layer(h)
            if i + 1 < len(self.layers):
                h = F.dropout(self.g(h), self.dropout)
        return h
