# base: reference
# wrong: joint_feature
# is: feature_in_the_other_order

def joint_feature(x, y):
    return np.kron(y, x)
