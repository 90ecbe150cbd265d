# base: sequential
# wrong: predict
# not in the catalogue: the wrong axis, where that gives as many numbers

_right = predict


def predict(model, X):
    model.eval()
    scores = model(X)
    return scores.argmax(0) if scores.shape[0] == scores.shape[1] else _right(model, X)
