# base: own_parameters
# wrong: Network
# not in the catalogue

class Network(Network):
    def forward(self, X):
        return 2 * (super().forward(X) - self.theta[-1])
