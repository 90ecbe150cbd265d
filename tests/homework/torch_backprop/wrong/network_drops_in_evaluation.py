# base: dynamic_layers
# fails: network_drops_nothing_in_evaluation
# is: network_always_drops

class Network(Network):
    def forward(self, X):
        h = X
        for i, layer in enumerate(self.layers):
            h = layer(h)
            if i + 1 < len(self.layers):
                h = F.dropout(self.g(h), self.dropout)
        return h
