# base: own_parameters
# wrong: train
# not in the catalogue

def train(model, X, y, lam, step_size, epochs, batch_size):
    opt = torch.optim.SGD(model.parameters(), lr=step_size, momentum=0.9, nesterov=True)
    model.eval()
    history = [loss(model, X, y, lam).item()]
    for epoch in range(epochs):
        model.train()
        for i in range(0, len(X), batch_size):
            opt.zero_grad()
            L = loss(model, X[i:i + batch_size], y[i:i + batch_size], lam)
            L.backward()
            opt.step()
        model.eval()
        history.append(loss(model, X, y, lam).item())
    return history
