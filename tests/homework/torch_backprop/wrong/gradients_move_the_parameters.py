# base: weight_decay_of_groups
# wrong: gradients
# not in the catalogue

def gradients(model, X, y, lam):
    rule = torch.optim.SGD(model.parameters(), lr=0.01)
    rule.zero_grad()
    loss(model, X, y, lam).backward()
    rule.step()
    return [p.grad for p in model.parameters()]
