# base: sequential
# wrong: Network, train
# is: network_of_probabilities, train_without_zero_grad

class Network(Network):
    def forward(self, X):
        return F.softmax(self.net(X), dim=1)


def train(model, X, y, lam, step_size, epochs, batch_size):
    opt = torch.optim.SGD(model.parameters(), lr=step_size)
    model.eval()
    history = [loss(model, X, y, lam).item()]
    for epoch in range(epochs):
        model.train()
        for i in range(0, len(X), batch_size):
            pass
            L = loss(model, X[i:i + batch_size], y[i:i + batch_size], lam)
            L.backward()
            opt.step()
        model.eval()
        history.append(loss(model, X, y, lam).item())
    return history
