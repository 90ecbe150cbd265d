# base: joined_bias
# wrong: forward
# is: forward_transposed

def forward(params, X, name):
    return states(params, X, name)[3]
