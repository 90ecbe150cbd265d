# fails: everything
# may say: Your fit accepts an unknown schedule


def hinge_loss(*_):
    return []


objective = subgradient = fit = margin = support_vectors = plot_decision_boundary = hinge_loss
