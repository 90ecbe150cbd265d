import math


def sigmoid(a):
    return 0.5 * math.tanh(0.5 * a) + 0.5
