# base: own_parameters
# wrong: Network
# is: network_drops_without_scale

class Network(Network):
    def forward(self, X):
        last = len(self.theta) // 2 - 1
        for i in range(last + 1):
            X = X @ self.theta[2 * i].mT + self.theta[2 * i + 1]
            if i != last:
                X = self.act(X)
                if self.training:
                    X = X * (torch.rand(X.shape) > self.drop)
        return X
