# base: own_parameters
# wrong: train
# is: train_rebinds

def train(model, X, y, lam, step_size, epochs, batch_size):
    history = [evaluate(model, X, y, lam)]
    for _ in range(epochs):
        model.train()
        for start in range(0, len(X), batch_size):
            grads = gradients(model, X[start:start + batch_size], y[start:start + batch_size], lam)
            for p, g in zip(model.parameters(), grads):
                p = p - step_size * g
        history.append(evaluate(model, X, y, lam))
    return history
