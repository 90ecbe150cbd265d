# base: sequential
# fails: network_example, network[sigmoid], network[tanh], network[relu], network[softplus]
# is: network_of_probabilities

class Network(Network):
    def forward(self, X):
        return F.softmax(self.net(X), dim=1)
