# base: joined_bias
# wrong: forward
# is: forward_over_columns

def forward(params, X, name):
    z = states(params, X, name)[2][-1].T
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)
