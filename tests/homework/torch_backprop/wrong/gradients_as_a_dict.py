# base: sequential
# wrong: gradients
# not in the catalogue

def gradients(model, X, y, lam):
    model.zero_grad()
    loss(model, X, y, lam).backward()
    return {name: p.grad for name, p in model.named_parameters()}
