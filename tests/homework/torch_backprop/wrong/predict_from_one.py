# base: own_parameters
# wrong: predict
# not in the catalogue

def predict(model, X):
    model.eval()
    return model(X).argmax(1) + 1
