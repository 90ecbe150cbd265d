# base: dynamic_layers
# wrong: predict
# is: predict_along_examples

def predict(model, X):
    model.eval()
    return model(X).argmax(0)
