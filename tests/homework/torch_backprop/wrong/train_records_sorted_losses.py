# base: sequential
# wrong: train
# not in the catalogue

import copy


def train(model, X, y, lam, step_size, epochs, batch_size):
    opt = torch.optim.SGD(model.parameters(), lr=step_size)
    model.eval()
    history = [loss(model, X, y, lam).item()]
    best = copy.deepcopy(model.state_dict())
    for epoch in range(epochs):
        model.train()
        for i in range(0, len(X), batch_size):
            opt.zero_grad()
            loss(model, X[i:i + batch_size], y[i:i + batch_size], lam).backward()
            opt.step()
        model.eval()
        history.append(loss(model, X, y, lam).item())
        if history[-1] < min(history[:-1]):
            best = model.state_dict()
    return history[:1] + sorted(history[1:], reverse=True)
