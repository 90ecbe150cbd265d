# base: helper_module
# wrong: forward
# is: forward_without_activation

def forward(params, X, name):
    for W, b in params:
        X = X @ W.T + b
    return softmax(X)
