"""Max-margin done wrong in one function, and done differently and rightly."""

import itertools

import matplotlib.pyplot as plt
import max_margin as ref
import numpy as np

from grader.checks.variants import alternative, mistake


def gaps(S, y):
    """s_j - s_y + 1 for all j, the right class included, for which it is 1."""
    return S - S[np.arange(len(y)), y][:, None] + 1.0


def pulled(weights, W, X, y, C):
    """The subgradient in which rival j of example i counts weights[i, j] times."""
    pulls = np.array(weights, float)
    pulls[np.arange(len(y)), y] -= pulls.sum(axis=1)
    return W + C * X.T @ pulls


def strongest(W, X, y):
    """1 for the strongest rival of each example that violates its margin, (n, k)."""
    A = ref._augmented(X @ W, y)
    weights = np.zeros(A.shape)
    weights[np.arange(len(y)), A.argmax(axis=1)] = 1.0
    return weights


def walk(X, y, W0, C, sizes, direction=ref.subgradient):
    """All iterates of subgradient descent with steps of these sizes, the start included."""
    path = [np.array(W0, float)]
    for size in sizes:
        path.append(path[-1] - size * direction(path[-1], X, y, C))
    return path


def sizes_of(steps, step_size, power=0.5):
    return [step_size / t**power for t in range(1, steps + 1)]


def best_of(path, X, y, C):
    """What `fit` returns for the iterates of `path`."""
    values = np.array([ref.objective(W, X, y, C) for W in path])
    return path[int(values.argmin())], values


def pairs_where(q, r, wanted):
    """All (i, j) with wanted(i, j), in order."""
    n = len(q)
    found = [(i, j) for i in range(n) for j in range(n) if i != j and wanted(i, j)]
    return np.array(found, int).reshape(-1, 2)


def structured(w, X, Y, lam, worst):
    """The objective where worst(w, x, y) is taken for the best labelling."""
    losses = []
    for x, y in zip(X, Y, strict=True):
        other = worst(w, x, y)
        change = ref.joint_feature(x, y) - ref.joint_feature(x, other)
        losses.append(np.sum(other != y) - w @ change)
    return float(0.5 * lam * w @ w + np.mean(losses))


def structured_pulls(w, X, Y, worst=ref.loss_augmented):
    """psi at the labelling taken for the best, less psi at the right one, for each example."""
    return np.array(
        [
            ref.joint_feature(x, worst(w, x, y)) - ref.joint_feature(x, y)
            for x, y in zip(X, Y, strict=True)
        ]
    )


def predicted(w, x, y):
    """The labelling with the largest w.psi(x, y'), without the distance."""
    return np.where(np.reshape(w, (len(x), len(y))).T @ x >= 0, 1.0, -1.0)


# multiclass_hinge


@mistake(
    "multiclass_hinge",
    "Your multiclass_hinge adds up all rivals (Weston and Watkins): only the strongest "
    "counts (Crammer and Singer).",
)
def hinge_summed(S, y):
    return ref.summed_hinge(S, y)


@mistake(
    "multiclass_hinge",
    "Your multiclass_hinge lets the right class be its own rival: the loss is then at least 1.",
)
def hinge_with_itself(S, y):
    return gaps(S, y).max(axis=1)


@mistake(
    "multiclass_hinge",
    "Your multiclass_hinge leaves the right class out by multiplying its score by 0, as Keras's "
    "CategoricalHinge does: that is a rival with the score 0.",
)
def hinge_with_a_rival_of_0(S, y):
    rivals = np.array(S)
    rivals[np.arange(len(y)), y] = 0.0
    return np.maximum(0, 1 + rivals.max(axis=1) - S[np.arange(len(y)), y])


@mistake("multiclass_hinge", "Your multiclass_hinge can be negative: it is at least 0.")
def hinge_without_the_hinge(S, y):
    A = gaps(S, y)
    A[np.arange(len(y)), y] = -np.inf
    return A.max(axis=1)


@mistake("multiclass_hinge", "Your multiclass_hinge lacks the margin 1: it is 1 + max s_j - s_y.")
def hinge_without_the_margin(S, y):
    return (gaps(S, y) - 1).max(axis=1)


@mistake("multiclass_hinge", "Your multiclass_hinge is squared.")
def hinge_squared(S, y):
    return ref.multiclass_hinge(S, y) ** 2


@mistake(
    "multiclass_hinge",
    "Your multiclass_hinge has the sign of the scores wrong: s_y is subtracted.",
)
def hinge_turned_round(S, y):
    return ref.multiclass_hinge(-S, y)


@mistake(
    "multiclass_hinge",
    "Your multiclass_hinge takes column y - 1 for the right class: labels start at 0.",
)
def hinge_of_labels_from_1(S, y):
    return ref.multiclass_hinge(S, y - 1)


@mistake(
    "multiclass_hinge",
    "Your multiclass_hinge takes the mean of the rivals' scores: it is their maximum.",
)
def hinge_of_the_mean_rival(S, y):
    A = ref._augmented(S, y)
    return np.maximum(0, A.sum(axis=1) / (S.shape[1] - 1))


@mistake(
    "multiclass_hinge",
    "Your multiclass_hinge adds up the examples: one loss for each of them.",
)
def hinge_as_a_sum(S, y):
    return ref.multiclass_hinge(S, y).sum()


@mistake("multiclass_hinge", "Your multiclass_hinge is the cross entropy of a softmax.")
def hinge_is_the_cross_entropy(S, y):
    return np.log(np.exp(gaps(S, y) - 1).sum(axis=1))


@mistake("multiclass_hinge", "Your multiclass_hinge asks for a margin of 2: it is 1.")
def hinge_with_margin_2(S, y):
    A = ref._augmented(S, y) + 1
    A[np.arange(len(y)), y] = 0
    return A.max(axis=1)


@mistake("multiclass_hinge", "Your multiclass_hinge takes the weakest rival: the strongest counts.")
def hinge_against_the_weakest(S, y):
    A = gaps(S, y)
    A[np.arange(len(y)), y] = np.inf
    return np.maximum(0, A.min(axis=1))


@alternative("multiclass_hinge", "plain loops, float32")
def hinge_by_loops(S, y):
    losses = []
    for s, label in zip(S, y, strict=True):
        rival = max(v for j, v in enumerate(s) if j != label)
        losses.append(max(0.0, 1 + rival - s[label]))
    return np.array(losses, np.float32)


@alternative("multiclass_hinge", "the right class deleted, a column")
def hinge_by_deleting(S, y):
    n, k = S.shape
    right = S[np.arange(n), y]
    others = S[np.arange(k) != y[:, None]].reshape(n, k - 1)
    return np.clip(1 + others.max(axis=1) - right, 0, None).tolist()


# summed_hinge


@mistake("summed_hinge", "Your summed_hinge counts only the strongest rival: all are added up.")
def summed_of_the_strongest(S, y):
    return ref.multiclass_hinge(S, y)


@mistake("summed_hinge", "Your summed_hinge counts the right class too, which adds 1.")
def summed_with_itself(S, y):
    return ref.summed_hinge(S, y) + 1


@mistake(
    "summed_hinge",
    "Your summed_hinge is divided by k, as PyTorch's MultiMarginLoss is: it is a sum.",
)
def summed_divided_by_k(S, y):
    return ref.summed_hinge(S, y) / S.shape[1]


@mistake("summed_hinge", "Your summed_hinge is a mean over the rivals: it is a sum.")
def summed_divided_by_rivals(S, y):
    return ref.summed_hinge(S, y) / (S.shape[1] - 1)


@mistake(
    "summed_hinge",
    "Your summed_hinge takes the maximum with 0 after the sum: each rival has its own.",
)
def summed_hinged_at_the_end(S, y):
    return np.maximum(0, ref._augmented(S, y).sum(axis=1))


@mistake("summed_hinge", "Your summed_hinge lacks the margin 1.")
def summed_without_the_margin(S, y):
    return np.maximum(0, gaps(S, y) - 1).sum(axis=1)


@mistake("summed_hinge", "Your summed_hinge adds up squares.")
def summed_squared(S, y):
    return (np.maximum(0, ref._augmented(S, y)) ** 2).sum(axis=1)


@mistake("summed_hinge", "Your summed_hinge has the sign of the scores wrong.")
def summed_turned_round(S, y):
    return ref.summed_hinge(-S, y)


@mistake(
    "summed_hinge",
    "Your summed_hinge counts the rivals that violate the margin: it adds up by how much.",
)
def summed_counts(S, y):
    return np.sum(ref._augmented(S, y) > 0, axis=1)


@mistake("summed_hinge", "Your summed_hinge adds up the examples too: one loss for each of them.")
def summed_over_the_examples(S, y):
    return ref.summed_hinge(S, y).sum()


@alternative("summed_hinge", "plain loops")
def summed_by_loops(S, y):
    losses = []
    for s, label in zip(S, y, strict=True):
        losses.append(sum(max(0.0, v - s[label] + 1) for v in s) - 1)
    return losses


# objective


@mistake(
    "objective",
    "Your objective adds up summed_hinge (Weston and Watkins): it is built on multiclass_hinge.",
)
def objective_of_the_summed_hinge(W, X, y, C):
    return float(0.5 * np.sum(W**2) + C * np.sum(ref.summed_hinge(X @ W, y)))


@mistake(
    "objective",
    "Your objective multiplies the norm by C, which belongs to the losses: an inverse convention.",
)
def objective_with_c_at_the_norm(W, X, y, C):
    return C * ref.objective(W, X, y, 1 / C)


@mistake("objective", "Your objective takes the mean of the losses: it is their sum.")
def objective_with_a_mean(W, X, y, C):
    return ref.objective(W, X, y, C / len(y))


@mistake("objective", "Your objective ignores C.")
def objective_without_c(W, X, y, C):
    return ref.objective(W, X, y, 1.0)


@mistake("objective", "Your objective lacks the factor 1/2 of the norm.")
def objective_without_the_half(W, X, y, C):
    return ref.objective(W, X, y, C) + 0.5 * np.sum(W**2)


@mistake("objective", "Your objective lacks 1/2 ||W||^2.")
def objective_without_the_norm(W, X, y, C):
    return ref.objective(W, X, y, C) - 0.5 * np.sum(W**2)


@mistake("objective", "Your objective holds the norm of W: its square is meant.")
def objective_without_the_square(W, X, y, C):
    norm = np.sqrt(np.sum(W**2))
    return ref.objective(W, X, y, C) - 0.5 * norm**2 + 0.5 * norm


@mistake(
    "objective",
    "Your objective holds the largest singular value of W: the Frobenius norm is meant.",
)
def objective_with_the_spectral_norm(W, X, y, C):
    return ref.objective(W, X, y, C) - 0.5 * np.sum(W**2) + 0.5 * np.linalg.norm(W, 2) ** 2


@mistake("objective", "Your objective multiplies the norm by C as well as the losses.")
def objective_with_c_everywhere(W, X, y, C):
    return C * ref.objective(W, X, y, 1.0)


@mistake("objective", "Your objective divides the losses by C: multiply.")
def objective_divided_by_c(W, X, y, C):
    return ref.objective(W, X, y, 1 / C)


@mistake("objective", "Your objective is divided by n as a whole.")
def objective_as_a_mean(W, X, y, C):
    return ref.objective(W, X, y, C) / len(y)


@mistake("objective", "Your objective squares the losses.")
def objective_with_squares(W, X, y, C):
    return float(0.5 * np.sum(W**2) + C * np.sum(ref.multiclass_hinge(X @ W, y) ** 2))


@alternative("objective", "a trace, a 0-d array of float32")
def objective_with_a_trace(W, X, y, C):
    losses = np.asarray(ref.multiclass_hinge(np.einsum("nd,dk->nk", X, W), y))
    return np.array(np.trace(W.T @ W) / 2 + C * losses.sum(), np.float32)


# subgradient


@mistake("subgradient", "Your subgradient is that of summed_hinge: only the strongest rival pulls.")
def subgradient_of_the_summed_hinge(W, X, y, C):
    return pulled(ref._augmented(X @ W, y) > 0, W, X, y, C)


@mistake("subgradient", "Your subgradient takes the mean over the examples: it is a sum.")
def subgradient_with_a_mean(W, X, y, C):
    return ref.subgradient(W, X, y, C / len(y))


@mistake("subgradient", "Your subgradient ignores C.")
def subgradient_without_c(W, X, y, C):
    return ref.subgradient(W, X, y, 1.0)


@mistake(
    "subgradient",
    "Your subgradient multiplies W by C: C belongs to the sum over the examples.",
)
def subgradient_with_c_at_w(W, X, y, C):
    return ref.subgradient(W, X, y, 1.0) - W + C * W


@mistake("subgradient", "Your subgradient lacks W, the gradient of 1/2 ||W||^2.")
def subgradient_without_w(W, X, y, C):
    return ref.subgradient(W, X, y, C) - W


@mistake("subgradient", "Your subgradient holds 2W: the gradient of 1/2 ||W||^2 is W.")
def subgradient_with_twice_w(W, X, y, C):
    return ref.subgradient(W, X, y, C) + W


@mistake(
    "subgradient",
    "All examples pull in your subgradient: only those that violate their margin do.",
)
def subgradient_of_all(W, X, y, C):
    A = gaps(X @ W, y)
    A[np.arange(len(y)), y] = -np.inf
    return pulled(A.max(axis=1, keepdims=True) == A, W, X, y, C)


@mistake(
    "subgradient",
    "Only misclassified examples pull in yours: all that violate the margin do.",
)
def subgradient_of_the_perceptron(W, X, y, C):
    A = gaps(X @ W, y) - 1
    return pulled((A > 0) & (A.max(axis=1, keepdims=True) == A), W, X, y, C)


@mistake(
    "subgradient",
    "Your subgradient pushes the rival's column only: the right class's is pulled up, too.",
)
def subgradient_without_the_right_class(W, X, y, C):
    return W + C * X.T @ (strongest(W, X, y) * (np.arange(W.shape[1]) != y[:, None]))


@mistake(
    "subgradient",
    "Your subgradient pulls the right class's column only: the rival's is pushed down, too.",
)
def subgradient_without_the_rival(W, X, y, C):
    rivals = strongest(W, X, y) * (np.arange(W.shape[1]) != y[:, None])
    return ref.subgradient(W, X, y, C) - C * X.T @ rivals


@mistake(
    "subgradient",
    "Your sum over the examples has the opposite sign: +x for the rival, -x for the right class.",
)
def subgradient_with_the_sum_turned_round(W, X, y, C):
    return 2 * W - ref.subgradient(W, X, y, C)


@mistake("subgradient", "Your subgradient has the opposite sign: it is the direction of descent.")
def subgradient_downwards(W, X, y, C):
    return -ref.subgradient(W, X, y, C)


@mistake("subgradient", "Your subgradient is transposed: it has the shape of W.")
def subgradient_transposed(W, X, y, C):
    return ref.subgradient(W, X, y, C).T


@mistake("subgradient", "Each pull in yours is multiplied by the loss: the slope is constant.")
def subgradient_with_losses(W, X, y, C):
    losses = ref.multiclass_hinge(X @ W, y)
    return pulled(losses[:, None] * strongest(W, X, y), W, X, y, C)


@mistake("subgradient", "Your subgradient is that of a softmax: the strongest rival alone pulls.")
def subgradient_of_a_softmax(W, X, y, C):
    A = np.exp(ref._augmented(X @ W, y))
    return pulled(A / A.sum(axis=1, keepdims=True), W, X, y, C)


@mistake("subgradient", "All rivals that tie pull fully in yours: their weights sum to 1.")
def subgradient_with_all_ties(W, X, y, C):
    A = ref._augmented(X @ W, y)
    return pulled((A.max(axis=1, keepdims=True) == A) & (A > 0), W, X, y, C)


@mistake(
    "subgradient",
    "Your subgradient looks for the largest score, the right class included, before the "
    "margin is added.",
)
def subgradient_of_rivals_without_margin(W, X, y, C):
    rival = np.eye(W.shape[1])[(X @ W).argmax(axis=1)]
    return pulled(rival, W, X, y, C)


@alternative("subgradient", "loops, the last of the rivals that tie")
def subgradient_by_loops(W, X, y, C):
    G = np.array(W, float)
    for x, label in zip(X, y, strict=True):
        gains = [s + (j != label) for j, s in enumerate(x @ W)]
        rival = max(range(len(gains)), key=lambda j: (gains[j], j))
        G[:, rival] += C * x
        G[:, label] -= C * x
    return G


@alternative("subgradient", "equal weights for all that tie, float32")
def subgradient_of_all_ties(W, X, y, C):
    A = ref._augmented(X @ W, y)
    ties = A.max(axis=1, keepdims=True) == A
    return pulled(ties / ties.sum(axis=1, keepdims=True), W, X, y, C).astype(np.float32)


@alternative("subgradient", "random weights for all that tie")
def subgradient_at_random(W, X, y, C):
    A = ref._augmented(X @ W, y)
    ties = (A.max(axis=1, keepdims=True) == A) * np.random.default_rng().random(A.shape)
    return pulled(ties / ties.sum(axis=1, keepdims=True), W, X, y, C)


# fit


@mistake("fit", "Your fit starts from zeros: it starts from W0.")
def fit_from_zeros(X, y, W0, C, steps, step_size):
    return ref.fit(X, y, np.zeros_like(W0), C, steps, step_size)


@mistake(
    "fit",
    "Your fit returns the last iterate: the one with the lowest objective is asked for.",
)
def fit_returns_the_last(X, y, W0, C, steps, step_size):
    path = walk(X, y, W0, C, sizes_of(steps, step_size))
    return path[-1], best_of(path, X, y, C)[1]


@mistake("fit", "Your fit takes steps of one size: step t has step_size / sqrt(t).")
def fit_with_constant_steps(X, y, W0, C, steps, step_size):
    return best_of(walk(X, y, W0, C, [step_size] * steps), X, y, C)


@mistake("fit", "Your fit takes steps of step_size / t: it is step_size / sqrt(t).")
def fit_with_steps_over_t(X, y, W0, C, steps, step_size):
    return best_of(walk(X, y, W0, C, sizes_of(steps, step_size, 1)), X, y, C)


@mistake("fit", "Your fit divides the first step by sqrt(2): t counts from 1.")
def fit_counting_from_2(X, y, W0, C, steps, step_size):
    sizes = sizes_of(steps + 1, step_size)[1:]
    return best_of(walk(X, y, W0, C, sizes), X, y, C)


@mistake("fit", "Your fit steps upwards: subtract the subgradient.")
def fit_upwards(X, y, W0, C, steps, step_size):
    sizes = [-size for size in sizes_of(steps, step_size)]
    return best_of(walk(X, y, W0, C, sizes), X, y, C)


@mistake("fit", "Your fit never returns W0: it may be the iterate with the lowest objective.")
def fit_without_the_start(X, y, W0, C, steps, step_size):
    path = walk(X, y, W0, C, sizes_of(steps, step_size))
    values = best_of(path, X, y, C)[1]
    return path[1 + int(values[1:].argmin())], values


@mistake("fit", "Your history lacks the objective of W0.")
def fit_without_the_first_value(X, y, W0, C, steps, step_size):
    W, values = ref.fit(X, y, W0, C, steps, step_size)
    return W, values[1:]


@mistake("fit", "Your history lacks the objective of the last iterate.")
def fit_without_the_last_value(X, y, W0, C, steps, step_size):
    W, values = ref.fit(X, y, W0, C, steps, step_size)
    return W, values[:-1]


@mistake("fit", "Your history holds the best objective so far: that of every iterate is asked for.")
def fit_with_the_best_so_far(X, y, W0, C, steps, step_size):
    W, values = ref.fit(X, y, W0, C, steps, step_size)
    return W, np.minimum.accumulate(values)


@mistake("fit", "Your fit divides the subgradient by its norm.")
def fit_with_unit_steps(X, y, W0, C, steps, step_size):
    def direction(W, X, y, C):
        G = ref.subgradient(W, X, y, C)
        return G / np.linalg.norm(G)

    return best_of(walk(X, y, W0, C, sizes_of(steps, step_size), direction), X, y, C)


@alternative("fit", "float32, lists")
def fit_in_float32(X, y, W0, C, steps, step_size):
    X, W0 = X.astype(np.float32), W0.astype(np.float32)
    W, values = best_of(walk(X, y, W0, C, sizes_of(steps, step_size)), X, y, C)
    return [W.astype(np.float32), values.tolist()]


# preference_pairs


@mistake("preference_pairs", "Your preference_pairs compares documents of different queries.")
def pairs_of_all_queries(q, r):
    return pairs_where(q, r, lambda i, j: r[i] > r[j])


@mistake(
    "preference_pairs",
    "Your preference_pairs has the worse document first: larger grades are better.",
)
def pairs_turned_round(q, r):
    return ref.preference_pairs(q, -r)


@mistake("preference_pairs", "Your preference_pairs holds documents of equal grades too.")
def pairs_with_equal_grades(q, r):
    return pairs_where(q, r, lambda i, j: q[i] == q[j] and r[i] >= r[j])


@mistake(
    "preference_pairs",
    "Your preference_pairs finds only pairs with i < j: the better document may come later.",
)
def pairs_in_one_direction(q, r):
    return pairs_where(q, r, lambda i, j: i < j and q[i] == q[j] and r[i] > r[j])


@mistake("preference_pairs", "Your preference_pairs holds only pairs whose grades differ by 1.")
def pairs_of_next_grades(q, r):
    return pairs_where(q, r, lambda i, j: q[i] == q[j] and 0 < r[i] - r[j] <= 1)


@mistake("preference_pairs", "Your preference_pairs holds every pair twice.")
def pairs_twice(q, r):
    return np.repeat(ref.preference_pairs(q, r), 2, axis=0)


@mistake("preference_pairs", "Your preference_pairs holds each pair in both directions.")
def pairs_both_ways(q, r):
    return pairs_where(q, r, lambda i, j: q[i] == q[j] and r[i] != r[j])


@mistake(
    "preference_pairs",
    "Your preference_pairs has shape (2, m): one row for each pair is asked for.",
)
def pairs_transposed(q, r):
    return ref.preference_pairs(q, r).T


@mistake(
    "preference_pairs",
    "Your preference_pairs holds only pairs with the best document of a query.",
)
def pairs_with_the_best(q, r):
    return pairs_where(
        q, r, lambda i, j: q[i] == q[j] and r[i] > r[j] and r[i] == max(r[q == q[i]])
    )


@mistake("preference_pairs", "Your preference_pairs exchanges queries and grades.")
def pairs_of_grades_for_queries(q, r):
    return ref.preference_pairs(r, q)


@alternative("preference_pairs", "loops over the queries, in another order")
def pairs_by_loops(q, r):
    pairs = []
    for query in set(q.tolist()):
        for i, j in itertools.permutations(np.flatnonzero(q == query), 2):
            if r[i] > r[j]:
                pairs.insert(0, (i, j))
    return np.array(pairs, int).reshape(-1, 2)


# ranking_objective


@mistake("ranking_objective", "Your ranking_objective takes the mean over the pairs: it is a sum.")
def ranking_with_a_mean(w, Phi, q, r, C):
    return ref.ranking_objective(w, Phi, q, r, C / max(len(ref.preference_pairs(q, r)), 1))


@mistake("ranking_objective", "Your ranking_objective divides the sum by the number of documents.")
def ranking_divided_by_n(w, Phi, q, r, C):
    return ref.ranking_objective(w, Phi, q, r, C / len(q))


@mistake("ranking_objective", "Your ranking_objective ignores C.")
def ranking_without_c(w, Phi, q, r, C):
    return ref.ranking_objective(w, Phi, q, r, 1.0)


@mistake(
    "ranking_objective",
    "Your ranking_objective multiplies the norm by C: C belongs to the sum.",
)
def ranking_with_c_at_the_norm(w, Phi, q, r, C):
    return C * ref.ranking_objective(w, Phi, q, r, 1 / C)


@mistake("ranking_objective", "Your ranking_objective lacks the factor 1/2 of the norm.")
def ranking_without_the_half(w, Phi, q, r, C):
    return ref.ranking_objective(w, Phi, q, r, C) + 0.5 * w @ w


@mistake("ranking_objective", "Your ranking_objective lacks 1/2 ||w||^2.")
def ranking_without_the_norm(w, Phi, q, r, C):
    return ref.ranking_objective(w, Phi, q, r, C) - 0.5 * w @ w


@mistake(
    "ranking_objective",
    "Your ranking_objective has the sign of the differences wrong: phi_i - phi_j, i the "
    "better one.",
)
def ranking_turned_round(w, Phi, q, r, C):
    return ref.ranking_objective(w, -Phi, q, r, C)


@mistake(
    "ranking_objective",
    "Your ranking_objective adds up 1 - w.(phi_i - phi_j) without the hinge.",
)
def ranking_without_the_hinge(w, Phi, q, r, C):
    return float(0.5 * w @ w + C * np.sum(1 - ref._differences(Phi, q, r) @ w))


@mistake(
    "ranking_objective",
    "Your ranking_objective counts the swapped pairs: it adds up their hinges.",
)
def ranking_counts(w, Phi, q, r, C):
    return 0.5 * w @ w + C * ref.swapped_pairs(Phi @ w, q, r)


@mistake("ranking_objective", "Your ranking_objective lacks the margin 1.")
def ranking_without_the_margin(w, Phi, q, r, C):
    return float(0.5 * w @ w + C * np.sum(np.maximum(0, -ref._differences(Phi, q, r) @ w)))


@mistake("ranking_objective", "Your ranking_objective adds up squares of hinges.")
def ranking_of_squares(w, Phi, q, r, C):
    return float(0.5 * w @ w + C * np.sum(np.maximum(0, 1 - ref._differences(Phi, q, r) @ w) ** 2))


@alternative("ranking_objective", "differences of scores, a loop")
def ranking_by_scores(w, Phi, q, r, C):
    s, total = Phi @ w, 0.0
    for i, j in ref.preference_pairs(q, r):
        total += max(0.0, 1 - s[i] + s[j])
    return np.float32(np.linalg.norm(w) ** 2 / 2 + C * total)


# ranking_subgradient


@mistake(
    "ranking_subgradient",
    "Your ranking_subgradient takes the mean over the pairs: it is a sum.",
)
def ranking_subgradient_with_a_mean(w, Phi, q, r, C):
    return ref.ranking_subgradient(w, Phi, q, r, C / max(len(ref.preference_pairs(q, r)), 1))


@mistake("ranking_subgradient", "Your ranking_subgradient ignores C.")
def ranking_subgradient_without_c(w, Phi, q, r, C):
    return ref.ranking_subgradient(w, Phi, q, r, 1.0)


@mistake("ranking_subgradient", "Your ranking_subgradient lacks w, the gradient of 1/2 ||w||^2.")
def ranking_subgradient_without_w(w, Phi, q, r, C):
    return ref.ranking_subgradient(w, Phi, q, r, C) - w


@mistake(
    "ranking_subgradient",
    "Your ranking_subgradient holds 2w: the gradient of 1/2 ||w||^2 is w.",
)
def ranking_subgradient_with_twice_w(w, Phi, q, r, C):
    return ref.ranking_subgradient(w, Phi, q, r, C) + w


@mistake(
    "ranking_subgradient",
    "Your sum over the pairs has the opposite sign: they push with -C (phi_i - phi_j).",
)
def ranking_subgradient_with_the_sum_turned_round(w, Phi, q, r, C):
    return 2 * w - ref.ranking_subgradient(w, Phi, q, r, C)


@mistake(
    "ranking_subgradient",
    "All pairs push in your ranking_subgradient: only those below 1 do.",
)
def ranking_subgradient_of_all(w, Phi, q, r, C):
    return w - C * ref._differences(Phi, q, r).sum(axis=0)


@mistake("ranking_subgradient", "Only swapped pairs push in yours: all below the margin 1 do.")
def ranking_subgradient_of_swapped(w, Phi, q, r, C):
    D = ref._differences(Phi, q, r)
    return w - C * D[D @ w < 0].sum(axis=0)


@mistake(
    "ranking_subgradient",
    "Your pairs push with -C phi_i only: the difference phi_i - phi_j counts.",
)
def ranking_subgradient_of_the_better(w, Phi, q, r, C):
    i, j = ref.preference_pairs(q, r).T
    return w - C * Phi[i][(Phi[i] - Phi[j]) @ w < 1].sum(axis=0)


@mistake(
    "ranking_subgradient",
    "Your ranking_subgradient has the opposite sign: it is the direction of descent.",
)
def ranking_subgradient_downwards(w, Phi, q, r, C):
    return -ref.ranking_subgradient(w, Phi, q, r, C)


@mistake(
    "ranking_subgradient",
    "Each push in yours is multiplied by the hinge loss: the slope is constant.",
)
def ranking_subgradient_with_losses(w, Phi, q, r, C):
    D = ref._differences(Phi, q, r)
    return w - C * D.T @ np.maximum(0, 1 - D @ w)


@alternative("ranking_subgradient", "a loop over the pairs, half of each corner")
def ranking_subgradient_by_loops(w, Phi, q, r, C):
    g = np.array(w, float)
    for i, j in ref.preference_pairs(q, r):
        m = w @ Phi[i] - w @ Phi[j]
        g -= C * (m < 1) * (Phi[i] - Phi[j]) + 0.5 * C * (m == 1) * (Phi[i] - Phi[j])
    return g


# swapped_pairs


@mistake("swapped_pairs", "Your swapped_pairs does not count ties of the scores.")
def swapped_without_ties(scores, q, r):
    i, j = ref.preference_pairs(q, r).T
    return int(np.sum(scores[i] < scores[j]))


@mistake("swapped_pairs", "Your swapped_pairs counts the pairs that are right.")
def swapped_counts_the_right(scores, q, r):
    return len(ref.preference_pairs(q, r)) - ref.swapped_pairs(scores, q, r)


@mistake("swapped_pairs", "Your swapped_pairs is a share of the pairs: their number is asked for.")
def swapped_as_a_share(scores, q, r):
    return ref.swapped_pairs(scores, q, r) / max(len(ref.preference_pairs(q, r)), 1)


@mistake(
    "swapped_pairs",
    "Your swapped_pairs counts pairs within the margin 1: those with s_i <= s_j are asked for.",
)
def swapped_within_the_margin(scores, q, r):
    i, j = ref.preference_pairs(q, r).T
    return int(np.sum(scores[i] - scores[j] < 1))


@mistake("swapped_pairs", "Your swapped_pairs compares documents of different queries.")
def swapped_of_all_queries(scores, q, r):
    return ref.swapped_pairs(scores, np.zeros(len(q)), r)


@alternative("swapped_pairs", "two loops, a float")
def swapped_by_loops(scores, q, r):
    total = 0
    for i in range(len(q)):
        for j in range(len(q)):
            total += q[i] == q[j] and r[i] > r[j] and not scores[i] > scores[j]
    return float(total)


# joint_feature


@mistake(
    "joint_feature",
    "Your joint_feature puts entry (a, b) at b * dx + a: it stands at a * dy + b.",
)
def feature_in_the_other_order(x, y):
    return np.outer(y, x).ravel()


@mistake("joint_feature", "Your joint_feature is a table: one row of dx * dy numbers is asked for.")
def feature_as_a_table(x, y):
    return np.outer(x, y)


@mistake(
    "joint_feature",
    "Your joint_feature puts x and y one behind the other: their products are asked for.",
)
def feature_joined(x, y):
    return np.concatenate([x, y])


@alternative("joint_feature", "a Kronecker product, float32")
def feature_with_kron(x, y):
    return np.kron(x, y).astype(np.float32)


# loss_augmented


@mistake("loss_augmented", "Your loss_augmented ignores the Hamming distance.")
def augmented_without_the_distance(w, x, y):
    return predicted(w, x, y)


@mistake("loss_augmented", "Your loss_augmented subtracts the Hamming distance: it is added.")
def augmented_with_the_sign_wrong(w, x, y):
    v = np.reshape(w, (len(x), len(y))).T @ x
    return np.where(-v * y - 1 > v * y, -y, y)


@mistake(
    "loss_augmented",
    "Your loss_augmented finds the smallest value: the largest is asked for.",
)
def augmented_of_the_smallest(w, x, y):
    v = np.reshape(w, (len(x), len(y))).T @ x
    return np.where(1 - v * y < v * y, -y, y)


@mistake(
    "loss_augmented",
    "Your loss_augmented returns the right labels: the strongest rival is asked for.",
)
def augmented_of_the_right_labels(w, x, y):
    return np.array(y, float)


@mistake(
    "loss_augmented",
    "Your loss_augmented changes every place: each is decided by what it gives.",
)
def augmented_all_flipped(w, x, y):
    return -np.array(y, float)


@mistake(
    "loss_augmented",
    "Your loss_augmented reads w as (dy, dx): the entry of (a, b) stands at a * dy + b.",
)
def augmented_with_the_other_order(w, x, y):
    v = np.reshape(w, (len(y), len(x))) @ x
    return np.where(1 - v * y > v * y, -y, y)


@mistake(
    "loss_augmented",
    "Your loss_augmented counts |y - y'|, which is 2 at each change: Hamming counts 1.",
)
def augmented_with_distance_2(w, x, y):
    v = np.reshape(w, (len(x), len(y))).T @ x
    return np.where(2 - v * y > v * y, -y, y)


@mistake("loss_augmented", "Your loss_augmented gives a change half a point: Hamming counts 1.")
def augmented_with_half_a_distance(w, x, y):
    v = np.reshape(w, (len(x), len(y))).T @ x
    return np.where(0.5 - v * y > v * y, -y, y)


@mistake("loss_augmented", "Your loss_augmented returns 0 in place of -1.")
def augmented_of_zeros_and_ones(w, x, y):
    return np.maximum(ref.loss_augmented(w, x, y), 0)


@alternative("loss_augmented", "a sign, the label changed at ties, ints")
def augmented_by_a_formula(w, x, y):
    v = np.reshape(w, (len(x), len(y))).T @ x - 0.5 * y
    return np.where(v == 0, -y, np.sign(v)).astype(int)


# structured_objective


@mistake(
    "structured_objective",
    "Your structured_objective adds up the examples: it takes their mean.",
)
def structured_with_a_sum(w, X, Y, lam):
    half = 0.5 * lam * w @ w
    return half + len(X) * (ref.structured_objective(w, X, Y, lam) - half)


@mistake("structured_objective", "Your structured_objective ignores lam.")
def structured_without_lam(w, X, Y, lam):
    return ref.structured_objective(w, X, Y, 1.0)


@mistake("structured_objective", "Your structured_objective lacks the factor 1/2 of lam ||w||^2.")
def structured_without_the_half(w, X, Y, lam):
    return ref.structured_objective(w, X, Y, 2 * lam)


@mistake("structured_objective", "Your structured_objective lacks lam/2 ||w||^2.")
def structured_without_the_norm(w, X, Y, lam):
    return ref.structured_objective(w, X, Y, 0.0)


@mistake(
    "structured_objective",
    "Your structured_objective multiplies the losses by lam: it belongs to the norm.",
)
def structured_with_lam_at_the_losses(w, X, Y, lam):
    half = 0.5 * w @ w
    return half + lam * (ref.structured_objective(w, X, Y, 1.0) - half)


@mistake(
    "structured_objective",
    "Your structured_objective takes the labelling that is predicted: the distance "
    "belongs in the maximum.",
)
def structured_of_the_prediction(w, X, Y, lam):
    return structured(w, X, Y, lam, predicted)


@mistake(
    "structured_objective",
    "Your structured_objective lacks the Hamming distance in the value of the maximum.",
)
def structured_without_the_distance(w, X, Y, lam):
    distances = [np.sum(ref.loss_augmented(w, x, y) != y) for x, y in zip(X, Y, strict=True)]
    return ref.structured_objective(w, X, Y, lam) - np.mean(distances)


@mistake(
    "structured_objective",
    "Your structured_objective lacks w.psi(x, y): the difference of two features counts.",
)
def structured_without_the_right_labels(w, X, Y, lam):
    rights = [w @ ref.joint_feature(x, y) for x, y in zip(X, Y, strict=True)]
    return ref.structured_objective(w, X, Y, lam) + np.mean(rights)


@mistake(
    "structured_objective",
    "Your structured_objective divides each loss by the number of places.",
)
def structured_divided_by_places(w, X, Y, lam):
    half = 0.5 * lam * w @ w
    return half + (ref.structured_objective(w, X, Y, lam) - half) / Y.shape[1]


@alternative("structured_objective", "a hinge for each place")
def structured_by_hinges(w, X, Y, lam):
    P = Y * (X @ np.reshape(w, (X.shape[1], Y.shape[1])))
    return np.array(lam / 2 * w @ w + np.maximum(0, 1 - 2 * P).sum(axis=1).mean())


# structured_subgradient


@mistake(
    "structured_subgradient",
    "Your structured_subgradient adds up the examples: it takes their mean.",
)
def structured_subgradient_with_a_sum(w, X, Y, lam):
    return lam * w + structured_pulls(w, X, Y).sum(axis=0)


@mistake("structured_subgradient", "Your structured_subgradient ignores lam.")
def structured_subgradient_without_lam(w, X, Y, lam):
    return w + structured_pulls(w, X, Y).mean(axis=0)


@mistake("structured_subgradient", "Your structured_subgradient lacks lam w.")
def structured_subgradient_without_w(w, X, Y, lam):
    return structured_pulls(w, X, Y).mean(axis=0)


@mistake(
    "structured_subgradient",
    "Your structured_subgradient holds 2 lam w: the gradient of lam/2 ||w||^2 is lam w.",
)
def structured_subgradient_with_twice_w(w, X, Y, lam):
    return ref.structured_subgradient(w, X, Y, lam) + lam * w


@mistake(
    "structured_subgradient",
    "Your structured_subgradient holds lam w / 2: the gradient of lam/2 ||w||^2 is lam w.",
)
def structured_subgradient_with_half_of_w(w, X, Y, lam):
    return ref.structured_subgradient(w, X, Y, lam) - lam * w / 2


@mistake(
    "structured_subgradient",
    "Your mean over the examples has the opposite sign: psi at the rival less psi at the "
    "right labels.",
)
def structured_subgradient_with_the_mean_turned_round(w, X, Y, lam):
    return lam * w - structured_pulls(w, X, Y).mean(axis=0)


@mistake(
    "structured_subgradient",
    "Your structured_subgradient has the opposite sign: it is the direction of descent.",
)
def structured_subgradient_downwards(w, X, Y, lam):
    return -ref.structured_subgradient(w, X, Y, lam)


@mistake(
    "structured_subgradient",
    "Your structured_subgradient takes the labelling that is predicted: that of "
    "loss_augmented wins.",
)
def structured_subgradient_of_the_prediction(w, X, Y, lam):
    return lam * w + structured_pulls(w, X, Y, predicted).mean(axis=0)


@mistake("structured_subgradient", "Your structured_subgradient lacks psi at the right labels.")
def structured_subgradient_without_the_right_labels(w, X, Y, lam):
    rivals = [ref.joint_feature(x, ref.loss_augmented(w, x, y)) for x, y in zip(X, Y, strict=True)]
    return lam * w + np.mean(rivals, axis=0)


@mistake(
    "structured_subgradient",
    "Your structured_subgradient lacks psi at the labelling of loss_augmented.",
)
def structured_subgradient_without_the_rival(w, X, Y, lam):
    rights = [ref.joint_feature(x, y) for x, y in zip(X, Y, strict=True)]
    return lam * w - np.mean(rights, axis=0)


@alternative("structured_subgradient", "one hinge for each place, half of each corner")
def structured_subgradient_by_places(w, X, Y, lam):
    shape = X.shape[1], Y.shape[1]
    P = Y * (X @ np.reshape(w, shape))
    on = 1.0 * (2 * P < 1) + 0.5 * (2 * P == 1)
    return (lam * np.reshape(w, shape) - 2 * X.T @ (on * Y) / len(X)).ravel()


# plot_regions


@mistake("plot_regions", "Your figure lacks the regions.")
def plot_without_regions(W, X, y):
    figure, axes = plt.subplots()
    for label in range(3):
        axes.scatter(*X[y == label, :2].T)
    axes.set(xlabel="x1", ylabel="x2")
    return figure


@mistake("plot_regions", "Your regions leave out the offsets.")
def plot_without_offsets(W, X, y):
    return ref.plot_regions(W * [[1.0], [1.0], [0.0]], X, y)


@mistake("plot_regions", "Your classes look alike.")
def plot_of_one_look(W, X, y):
    figure = ref.plot_regions(W, X, y)
    for points in figure.axes[0].collections[:3]:
        points.remove()
    figure.axes[0].scatter(*X[:, :2].T, c="k")
    return figure


@mistake("plot_regions", "Your axes have no labels.")
def plot_without_labels(W, X, y):
    figure = ref.plot_regions(W, X, y)
    figure.axes[0].set(xlabel="", ylabel="")
    return figure


@alternative("plot_regions", "a mesh, pyplot, nothing returned")
def plot_with_a_mesh(W, X, y):
    x1, x2 = np.meshgrid(
        np.linspace(X[:, 0].min() - 1, X[:, 0].max() + 1, 150),
        np.linspace(X[:, 1].min() - 1, X[:, 1].max() + 1, 150),
    )
    Z = np.c_[x1.ravel(), x2.ravel(), np.ones(x1.size)] @ W
    plt.pcolormesh(x1, x2, Z.argmax(axis=1).reshape(x1.shape), alpha=0.3, cmap="brg")
    plt.scatter(X[:, 0], X[:, 1], c=y, cmap="brg", edgecolors="k")
    plt.xlabel("alcohol")
    plt.ylabel("flavanoids")


@alternative("plot_regions", "the borders as contour lines")
def plot_with_borders(W, X, y):
    figure, axes = plt.subplots()
    for label, colour in enumerate("rgb"):
        axes.plot(X[y == label, 0], X[y == label, 1], colour + "o")
    x1, x2 = np.meshgrid(np.linspace(*axes.get_xlim(), 200), np.linspace(*axes.get_ylim(), 200))
    Z = np.argmax(np.stack([x1, x2, np.ones_like(x1)], axis=-1) @ W, axis=-1)
    axes.contour(x1, x2, Z, levels=[0.5, 1.5], colors="k")
    axes.set(xlabel="$x_1$", ylabel="$x_2$")
    return figure, axes
