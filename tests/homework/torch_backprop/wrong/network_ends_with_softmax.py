# base: sequential
# wrong: Network
# is: network_of_probabilities

class Network(Network):
    def forward(self, X):
        return F.softmax(self.net(X), dim=1)
