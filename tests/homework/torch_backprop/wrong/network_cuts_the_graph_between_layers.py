# base: dynamic_layers
# wrong: Network
# is: network_cuts_the_graph

class Network(Network):
    def forward(self, X):
        h = X
        for i, layer in enumerate(self.layers):
            h = layer(h.detach())
            if i + 1 < len(self.layers):
                h = F.dropout(self.g(h), self.dropout, self.training)
        return h
