# base: weight_decay_of_groups
# wrong: predict
# not in the catalogue

def predict(model, X):
    model.eval()
    return model(X).argmax(1, keepdim=True)
