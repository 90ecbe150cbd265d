# base: sequential
# wrong: train
# is: train_in_evaluation_mode, train_records_in_training_mode

def train(model, X, y, lam, step_size, epochs, batch_size):
    opt = torch.optim.SGD(model.parameters(), lr=step_size)
    model.eval()
    history = [loss(model, X, y, lam).item()]
    for epoch in range(epochs):
        model.train()
        for i in range(0, len(X), batch_size):
            opt.zero_grad()
            L = loss(model.eval(), X[i:i + batch_size], y[i:i + batch_size], lam)
            L.backward()
            opt.step()
        model.eval()
        history.append(loss(model.train(), X, y, lam).item())
    return history
