# not in the catalogue: moved round by one
# base: reference
# wrong: joint_feature

_joint_feature = joint_feature


def joint_feature(x, y):
    return np.append(_joint_feature(x, y)[1:], _joint_feature(x, y)[0])
