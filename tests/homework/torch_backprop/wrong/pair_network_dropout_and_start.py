# base: own_parameters
# wrong: Network
# is: network_drops_the_rest, NetworkOfNormals

class Network(Network):
    def __init__(self, sizes, name, seed, dropout=0.0):
        super().__init__(sizes, name, seed, 1 - dropout if dropout else 0.0)
        torch.manual_seed(seed)
        for W in self.theta[::2]:
            nn.init.xavier_normal_(W)
