# base: joined_bias
# fails: forward
# is: forward_transposed

def forward(params, X, name):
    return states(params, X, name)[3]
