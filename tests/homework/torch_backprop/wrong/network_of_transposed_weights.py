# base: own_parameters
# wrong: Network
# not in the catalogue

class Network(Network):
    def __init__(self, sizes, name, seed, dropout=0.0):
        super().__init__(sizes, name, seed, dropout)
        self.theta = nn.ParameterList(nn.Parameter(p.data.t()) for p in self.theta)

    def forward(self, X):
        n = len(self.theta) // 2
        for i in range(n):
            X = X @ self.theta[2 * i] + self.theta[2 * i + 1]
            if i < n - 1:
                X = self.act(X)
        return X
