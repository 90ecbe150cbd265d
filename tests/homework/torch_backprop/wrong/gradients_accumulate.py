# base: sequential
# wrong: gradients
# is: gradients_without_zero_grad

def gradients(model, X, y, lam):
    loss(model, X, y, lam).backward()
    return [p.grad for p in model.parameters()]
