# base: dynamic_layers
# fails: network_example, network[sigmoid], network[tanh], network[relu], network[softplus]
# is: network_activates_scores

class Network(Network):
    def forward(self, X):
        return self.g(super().forward(X))
