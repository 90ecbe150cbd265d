# not in the catalogue: nothing is right
# fails: everything
# may say: ...

def multiclass_hinge(S, y):
    return 0


def summed_hinge(S, y):
    return 0


def objective(W, X, y, C):
    return 0


def subgradient(W, X, y, C):
    return 0


def fit(X, y, W0, C, steps, step_size):
    return 0


def preference_pairs(q, r):
    return 0


def ranking_objective(w, Phi, q, r, C):
    return 0


def ranking_subgradient(w, Phi, q, r, C):
    return 0


def swapped_pairs(scores, q, r):
    return 0


def joint_feature(x, y):
    return 0


def loss_augmented(w, x, y):
    return 0


def structured_objective(w, X, Y, lam):
    return 0


def structured_subgradient(w, X, Y, lam):
    return 0


def plot_regions(W, X, y):
    return 0
