# fails: everything
import matplotlib.pyplot as plt
import numpy as np


def softmax(Z)
    return Z
