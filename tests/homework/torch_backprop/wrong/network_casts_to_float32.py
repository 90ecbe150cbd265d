# base: sequential
# wrong: Network
# not in the catalogue

class Network(Network):
    def forward(self, X):
        return self.net.float()(X.float())
