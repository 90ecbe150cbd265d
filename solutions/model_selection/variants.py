"""Model selection done wrong in one function, and done differently and rightly."""

import itertools
import random

import matplotlib.pyplot as plt
import model_selection as ref
import numpy as np

from grader.checks.variants import alternative, mistake


def cut(order, n_valid, n_test):
    return order[n_valid + n_test :], order[:n_valid], order[n_valid : n_valid + n_test]


# split


@mistake("split", "Your split gives the same sets for every seed: shuffle by the seed.")
def split_without_shuffling(n, valid, test, seed):
    return cut(np.arange(n), round(n * valid), round(n * test))


@mistake(
    "split",
    "Your split does not use the seed alone: the same one gives different sets.",
)
def split_without_the_seed(n, valid, test, seed):
    return cut(np.random.default_rng().permutation(n), round(n * valid), round(n * test))


@mistake("split", "Your split gives the same sets for every seed: shuffle by the seed.")
def split_with_a_seed_of_its_own(n, valid, test, seed):
    return ref.split(n, valid, test, 42)


@mistake("split", "Your split draws with replacement: an example stands in it more than once.")
def split_with_replacement(n, valid, test, seed):
    order = np.random.default_rng(seed).integers(n, size=n)
    return cut(order, round(n * valid), round(n * test))


@mistake("split", "Your split cuts n * share off: round to the nearest whole number.")
def split_cuts_off(n, valid, test, seed):
    return cut(np.random.default_rng(seed).permutation(n), int(n * valid), int(n * test))


@mistake("split", "Your split rounds both sets up, as scikit-learn does: round to the nearest.")
def split_rounds_up(n, valid, test, seed):
    order = np.random.default_rng(seed).permutation(n)
    return cut(order, int(np.ceil(n * valid)), int(np.ceil(n * test)))


@mistake(
    "split",
    "Your split takes the share of the test set from what validation leaves: both are shares of n.",
)
def split_one_after_the_other(n, valid, test, seed):
    n_valid = round(n * valid)
    order = np.random.default_rng(seed).permutation(n)
    return cut(order, n_valid, round((n - n_valid) * test))


@mistake("split", "Your parts come in another order: return train, valid, test.")
def split_exchanges_the_sets(n, valid, test, seed):
    train, valid, test = ref.split(n, valid, test, seed)
    return valid, test, train


@mistake("split", "Your valid and test set overlap: no example may be in both.")
def split_overlaps(n, valid, test, seed):
    order = np.random.default_rng(seed).permutation(n)
    n_valid, n_test = round(n * valid), round(n * test)
    return order[n_valid + n_test :], order[:n_valid], order[:n_test]


@mistake("split", "Your split leaves examples out: what is in no other set is for training.")
def split_rounds_all_three(n, valid, test, seed):
    train, *others = ref.split(n, valid, test, seed)
    return train[1:], *others


@mistake("split", "Your split returns masks: return the indices, as np.flatnonzero gives them.")
def split_returns_masks(n, valid, test, seed):
    return tuple(np.isin(np.arange(n), part) for part in ref.split(n, valid, test, seed))


@alternative("split", "Python's own shuffle, sorted lists")
def split_by_a_shuffled_list(n, valid, test, seed):
    order = list(range(n))
    random.Random(seed).shuffle(order)
    n_valid, n_test = round(n * valid), round(n * test)
    return (
        sorted(order[n_valid + n_test :]),
        sorted(order[:n_valid]),
        sorted(order[n_valid : n_valid + n_test]),
    )


@alternative("split", "the order of random numbers; the training set first")
def split_by_sorting_noise(n, valid, test, seed):
    n_valid, n_test = round(n * valid), round(n * test)
    order = np.argsort(np.random.RandomState(seed).rand(n))
    return np.split(order, [n - n_valid - n_test, n - n_test])


# features


@mistake("features", "Your features lack the constant column, x^0.")
def features_without_the_constant(x, degree):
    return ref.features(x, degree)[:, 1:]


@mistake("features", "Your features stop one power early: the last is x^degree.")
def features_stop_early(x, degree):
    return ref.features(x, degree)[:, :-1]


@mistake("features", "Your features fall, from x^degree to 1: they should rise.")
def features_fall(x, degree):
    return ref.features(x, degree)[:, ::-1]


@mistake("features", "Your features have one row per power: one row per input is asked for.")
def features_transposed(x, degree):
    return ref.features(x, degree).T


@mistake("features", "Your features are multiples of x: powers are asked for.")
def features_are_multiples(x, degree):
    Phi = x[:, None] * np.arange(degree + 1)
    Phi[:, 0] = 1.0
    return Phi


@mistake("features", "Your features are powers of the power: column p is x^p, not p^x.")
def features_exchange_base_and_power(x, degree):
    with np.errstate(all="ignore"):
        return np.arange(degree + 1.0) ** x[:, None]


@mistake("features", "Your features are Legendre's polynomials: plain powers are asked for.")
def features_of_legendre(x, degree):
    return np.polynomial.legendre.legvander(x, degree)


@mistake("features", "Your features are Chebyshev's polynomials: plain powers are asked for.")
def features_of_chebyshev(x, degree):
    return np.polynomial.chebyshev.chebvander(x, degree)


@alternative("features", "np.vander, increasing")
def features_by_vander(x, degree):
    return np.vander(x, degree + 1, increasing=True)


@alternative("features", "products, column by column, float32")
def features_by_products(x, degree):
    columns = [np.ones(len(x))]
    for _ in range(degree):
        columns.append(columns[-1] * x)
    return np.column_stack(columns).astype(np.float32)


# ridge


@mistake("ridge", "Your ridge takes the mean of the squared errors: it is their sum.")
def ridge_with_a_mean(Phi, y, lam):
    return ref.ridge(Phi, y, lam * len(y))


@mistake("ridge", "Your ridge ignores lam.")
def ridge_without_penalty(Phi, y, lam):
    return np.linalg.lstsq(Phi, y, rcond=None)[0]


@mistake(
    "ridge",
    "Your ridge does not penalise the weight of the first column, as scikit-learn leaves its "
    "intercept free: all weights count.",
)
def ridge_with_a_free_constant(Phi, y, lam):
    free = np.eye(Phi.shape[1])
    free[0, 0] = 0.0
    return np.linalg.lstsq(Phi.T @ Phi + lam * free, Phi.T @ y, rcond=None)[0]


@mistake("ridge", "Your ridge adds lam / 2: the gradient of lam ||w||^2 is 2 lam w.")
def ridge_with_half_the_penalty(Phi, y, lam):
    return ref.ridge(Phi, y, lam / 2)


@mistake("ridge", "Your ridge adds 2 lam: the error's gradient has the factor 2 too.")
def ridge_with_twice_the_penalty(Phi, y, lam):
    return ref.ridge(Phi, y, 2 * lam)


@mistake("ridge", "Your ridge uses the square of lam.")
def ridge_with_the_square(Phi, y, lam):
    return ref.ridge(Phi, y, lam**2)


@mistake("ridge", "Your ridge uses the root of lam.")
def ridge_with_the_root(Phi, y, lam):
    return ref.ridge(Phi, y, lam**0.5)


@mistake("ridge", "Your ridge divides lam by the number of examples.")
def ridge_divides_by_n(Phi, y, lam):
    return ref.ridge(Phi, y, lam / len(y))


@mistake("ridge", "Your ridge divides lam by the number of columns.")
def ridge_divides_by_m(Phi, y, lam):
    return ref.ridge(Phi, y, lam / Phi.shape[1])


@mistake("ridge", "Your ridge adds lam to every entry of Phi'Phi: only to the diagonal.")
def ridge_everywhere(Phi, y, lam):
    return np.linalg.lstsq(Phi.T @ Phi + lam, Phi.T @ y, rcond=None)[0]


@mistake("ridge", "Your ridge subtracts lam from the diagonal: it is added.")
def ridge_subtracts(Phi, y, lam):
    return ref.ridge(Phi, y, -lam)


@mistake("ridge", "Your ridge returns a column: w has shape (m,).")
def ridge_returns_a_column(Phi, y, lam):
    return ref.ridge(Phi, y, lam)[:, None]


@mistake("ridge", "Your ridge centres the columns and the targets: nothing is centred here.")
def ridge_centres(Phi, y, lam):
    centred = Phi - Phi.mean(axis=0)
    A = centred.T @ centred + lam * np.eye(Phi.shape[1])
    return np.linalg.lstsq(A, centred.T @ (y - y.mean()), rcond=None)[0]


@alternative("ridge", "least squares with more rows")
def ridge_by_more_rows(Phi, y, lam):
    m = Phi.shape[1]
    A = np.vstack([Phi, np.sqrt(lam) * np.eye(m)])
    return np.linalg.lstsq(A, np.concatenate([y, np.zeros(m)]), rcond=None)[0]


@alternative("ridge", "the singular value decomposition")
def ridge_by_singular_values(Phi, y, lam):
    U, s, Vt = np.linalg.svd(Phi, full_matrices=False)
    return Vt.T @ (s / (s**2 + lam) * (U.T @ y))


@alternative("ridge", "an inverse, a list")
def ridge_by_an_inverse(Phi, y, lam):
    return (np.linalg.inv(Phi.T @ Phi + lam * np.identity(Phi.shape[1])) @ Phi.T @ y).tolist()


# error


@mistake("error", "Your error adds the squares up: it is their mean.")
def error_as_a_sum(w, Phi, y):
    return np.sum((Phi @ w - y) ** 2)


@mistake("error", "Your error is the root of the mean: no root is asked for.")
def error_with_a_root(w, Phi, y):
    return np.sqrt(ref.error(w, Phi, y))


@mistake("error", "Your error is halved.")
def error_halved(w, Phi, y):
    return ref.error(w, Phi, y) / 2


@mistake("error", "Your error is the mean of the absolute differences: squares are meant.")
def error_absolute(w, Phi, y):
    return np.mean(np.abs(Phi @ w - y))


@mistake("error", "Your error divides by the number of columns: the mean is over the examples.")
def error_divides_by_m(w, Phi, y):
    return np.sum((Phi @ w - y) ** 2) / Phi.shape[1]


@mistake("error", "Your error holds a penalty on w: it is the squared error alone.")
def error_with_a_penalty(w, Phi, y):
    return ref.error(w, Phi, y) + w @ w


@mistake("error", "Your error is 1 - R^2, relative to the variance of the targets.")
def error_relative(w, Phi, y):
    with np.errstate(all="ignore"):
        return ref.error(w, Phi, y) / np.var(y)


@alternative("error", "a loop, float32")
def error_by_a_loop(w, Phi, y):
    total = 0.0
    for row, target in zip(Phi, y, strict=True):
        total += float(row @ w - target) ** 2
    return np.float32(total / len(y))


# grid


@mistake("grid", "In your grid the first name varies fastest: the last one should.")
def grid_first_name_fastest(space):
    names = list(space)[::-1]
    return [
        dict(zip(names, values, strict=True))
        for values in itertools.product(*(space[name] for name in names))
    ]


@mistake("grid", "Your grid pairs the lists up: it should hold every combination of their values.")
def grid_pairs_the_lists(space):
    return [dict(zip(space, values, strict=True)) for values in zip(*space.values(), strict=False)]


@mistake("grid", "Your grid holds tuples of values: it should hold dicts, with the names.")
def grid_of_tuples(space):
    return list(itertools.product(*space.values()))


@mistake("grid", "Your grid holds one dict many times: make a new dict for each combination.")
def grid_of_one_dict(space):
    one, rows = {}, []
    for values in itertools.product(*space.values()):
        one.update(zip(space, values, strict=True))
        rows.append(one)
    return rows


@mistake("grid", "Your grid takes the names in alphabetical order: their order in space counts.")
def grid_in_alphabetical_order(space):
    return ref.grid({name: space[name] for name in sorted(space)})


@alternative("grid", "one name after the other, without itertools")
def grid_by_loops(space):
    rows = [{}]
    for name in space:
        rows = [{**row, name: value} for row in rows for value in space[name]]
    return rows


# random_configurations


@mistake(
    "random_configurations",
    "Your configurations are all alike: make one generator, outside of the loop.",
)
def random_with_a_new_generator(space, count, seed):
    return [ref.random_configurations(space, 1, seed)[0] for _ in range(count)]


@mistake("random_configurations", "Your random_configurations gives the same list for every seed.")
def random_with_a_seed_of_its_own(space, count, seed):
    return ref.random_configurations(space, count, 0)


@mistake(
    "random_configurations",
    "Your random_configurations does not use the seed alone: the same one gives different lists.",
)
def random_without_the_seed(space, count, seed):
    return ref.random_configurations(space, count, None)


@mistake(
    "random_configurations",
    "Your values of a tuple are its two ends: it stands for all numbers between.",
)
def random_takes_the_ends(space, count, seed):
    return ref.random_configurations({k: list(v) for k, v in space.items()}, count, seed)


@mistake(
    "random_configurations",
    "Your values of a tuple are whole numbers: it stands for all real numbers.",
)
def random_takes_integers(space, count, seed):
    rng = np.random.default_rng(seed)
    return [
        {
            name: int(rng.integers(int(values[0]), int(values[1]) + 1))
            if isinstance(values, tuple)
            else values[rng.integers(len(values))]
            for name, values in space.items()
        }
        for _ in range(count)
    ]


@mistake(
    "random_configurations",
    "Your values of a tuple are uniform in their logarithm: they should be uniform.",
)
def random_by_logarithms(space, count, seed):
    rng = np.random.default_rng(seed)
    return [
        {
            name: (
                float(np.exp(rng.uniform(*np.log(values))))
                if values[0] > 0
                else float(rng.uniform(*values))
            )
            if isinstance(values, tuple)
            else values[rng.integers(len(values))]
            for name, values in space.items()
        }
        for _ in range(count)
    ]


@mistake(
    "random_configurations",
    "Your values of different names are the same draw: take a new one for each name.",
)
def random_with_one_draw_for_all(space, count, seed):
    rng, rows = np.random.default_rng(seed), []
    for _ in range(count):
        u = rng.random()
        rows.append(
            {
                name: values[0] + u * (values[1] - values[0])
                if isinstance(values, tuple)
                else values[int(u * len(values))]
                for name, values in space.items()
            }
        )
    return rows


@mistake(
    "random_configurations", "Your values of a list lie between its ends: take one of its values."
)
def random_takes_lists_as_ranges(space, count, seed):
    rng = np.random.default_rng(seed)
    return [
        {
            name: float(rng.uniform(values[0], values[-1]))
            if not isinstance(values[0], str)
            else values[rng.integers(len(values))]
            for name, values in space.items()
        }
        for _ in range(count)
    ]


@alternative("random_configurations", "Python's own generator")
def random_by_the_standard_library(space, count, seed):
    rng = random.Random(seed)
    return [
        {
            name: rng.uniform(*values) if isinstance(values, tuple) else rng.choice(values)
            for name, values in space.items()
        }
        for _ in range(count)
    ]


@alternative("random_configurations", "all values of a name at once, numpy scalars")
def random_name_by_name(space, count, seed):
    rng, columns = np.random.RandomState(seed), {}
    for name, values in space.items():
        columns[name] = (
            rng.uniform(*values, size=count)
            if isinstance(values, tuple)
            else rng.choice(values, size=count)
        )
    return [{name: column[k] for name, column in columns.items()} for k in range(count)]


# search


def errors_of(x, y, train, valid, configurations, penalty=0.0):
    errors = []
    for each in configurations:
        w = ref.ridge(ref.features(x[train], each["degree"]), y[train], each["lam"])
        value = ref.error(w, ref.features(x[valid], each["degree"]), y[valid])
        errors.append(value + penalty * each["lam"] * w @ w)
    return np.array(errors)


@mistake(
    "search", "Your search measures the error on the training set: it is the validation set's."
)
def search_on_the_training_set(x, y, train, valid, configurations):
    return ref.search(x, y, train, train, configurations)


@mistake("search", "Your search trains on the validation set too: only the training set trains.")
def search_trains_on_both(x, y, train, valid, configurations):
    return ref.search(x, y, np.concatenate([train, valid]), valid, configurations)


@mistake("search", "Your search trains on the validation set: the training set trains.")
def search_trains_on_the_validation_set(x, y, train, valid, configurations):
    return ref.search(x, y, valid, valid, configurations)


@mistake("search", "Your search exchanges training and validation set.")
def search_exchanges_the_sets(x, y, train, valid, configurations):
    return ref.search(x, y, valid, train, configurations)


@mistake("search", "Your search trains on all examples: only the training set trains.")
def search_trains_on_everything(x, y, train, valid, configurations):
    return ref.search(x, y, np.arange(len(x)), valid, configurations)


@mistake("search", "Your search adds the penalty to the errors: they are squared errors alone.")
def search_with_the_penalty(x, y, train, valid, configurations):
    errors = errors_of(x, y, train, valid, configurations, penalty=1.0)
    return int(errors.argmin()), errors


@mistake("search", "Your search takes the highest error as the best: take the lowest.")
def search_takes_the_highest(x, y, train, valid, configurations):
    errors = errors_of(x, y, train, valid, configurations)
    return int(errors.argmax()), errors


@mistake("search", "Your search returns (errors, best): the index comes first.")
def search_exchanges_its_results(x, y, train, valid, configurations):
    return ref.search(x, y, train, valid, configurations)[::-1]


@mistake("search", "Your search returns the best configuration: its index is asked for.")
def search_returns_the_configuration(x, y, train, valid, configurations):
    best, errors = ref.search(x, y, train, valid, configurations)
    return configurations[best], errors


@mistake("search", "Your search ignores lam: every configuration has its own.")
def search_ignores_lam(x, y, train, valid, configurations):
    plain = [{**each, "lam": 0.0} for each in configurations]
    return ref.search(x, y, train, valid, plain)


@mistake("search", "Your search gives the lowest error so far for each configuration.")
def search_gives_running_minima(x, y, train, valid, configurations):
    best, errors = ref.search(x, y, train, valid, configurations)
    return best, np.minimum.accumulate(errors)


@mistake("search", "Your search sorts the errors: they stand in the order of the configurations.")
def search_sorts(x, y, train, valid, configurations):
    best, errors = ref.search(x, y, train, valid, configurations)
    return best, np.sort(errors)


@mistake("search", "Your best is counted from 1: counting starts at 0.")
def search_counts_from_1(x, y, train, valid, configurations):
    best, errors = ref.search(x, y, train, valid, configurations)
    return best + 1, errors


@alternative("search", "the last of several equal ones; a list")
def search_takes_the_last(x, y, train, valid, configurations):
    errors = errors_of(x, y, train, valid, configurations).tolist()
    best = max(k for k, value in enumerate(errors) if value <= min(errors) + 1e-12)
    return best, errors


# final_error


@mistake("final_error", "Your final_error trains on the training set only: on both sets together.")
def final_error_of_the_training_set(x, y, train, valid, test, configuration):
    return ref.final_error(x, y, train, train[:0], test, configuration)


@mistake("final_error", "Your final_error trains on the test set too.")
def final_error_trains_on_everything(x, y, train, valid, test, configuration):
    return ref.final_error(x, y, train, np.concatenate([valid, test]), test, configuration)


@mistake(
    "final_error",
    "Your final_error trains on all that is not in the test set: some examples are in no set.",
)
def final_error_trains_on_the_rest(x, y, train, valid, test, configuration):
    rest = np.setdiff1d(np.arange(len(x)), test)
    return ref.final_error(x, y, rest, rest[:0], test, configuration)


@mistake("final_error", "Your final_error is the error on the validation set.")
def final_error_on_the_validation_set(x, y, train, valid, test, configuration):
    return ref.final_error(x, y, train, valid, valid, configuration)


@mistake("final_error", "Your final_error trains on the validation set only.")
def final_error_of_the_validation_set(x, y, train, valid, test, configuration):
    return ref.final_error(x, y, valid, valid[:0], test, configuration)


@mistake(
    "final_error", "Your final_error averages the weights of two fits: fit once, to both sets."
)
def final_error_averages_weights(x, y, train, valid, test, configuration):
    degree, lam = configuration["degree"], configuration["lam"]
    ws = [ref.ridge(ref.features(x[s], degree), y[s], lam) for s in (train, valid)]
    return ref.error(sum(ws) / 2, ref.features(x[test], degree), y[test])


@mistake("final_error", "Your final_error ignores lam.")
def final_error_ignores_lam(x, y, train, valid, test, configuration):
    return ref.final_error(x, y, train, valid, test, {**configuration, "lam": 0.0})


@alternative("final_error", "least squares with more rows, falling powers")
def final_error_by_more_rows(x, y, train, valid, test, configuration):
    rows = list(train) + list(valid)
    Phi = np.vander(x[rows], configuration["degree"] + 1)
    more = np.sqrt(configuration["lam"]) * np.eye(Phi.shape[1])
    targets = np.append(y[rows], np.zeros(len(more)))
    w = np.linalg.lstsq(np.vstack([Phi, more]), targets, rcond=None)[0]
    return np.mean((np.polyval(w, x[test]) - y[test]) ** 2)


# bias_variance


@mistake("bias_variance", "Your variance divides by trials - 1: divide by the number of trials.")
def bias_variance_unbiased(predictions, truth):
    bias2, _ = ref.bias_variance(predictions, truth)
    with np.errstate(all="ignore"):
        ss = ((predictions - predictions.mean(axis=0)) ** 2).sum(axis=0)
        return bias2, np.mean(ss / (len(predictions) - 1))


@mistake("bias_variance", "Your bias is not squared.")
def bias_variance_without_the_square(predictions, truth):
    bias = np.mean(predictions.mean(axis=0) - truth)
    return bias, ref.bias_variance(predictions, truth)[1]


@mistake("bias_variance", "Your bias2 is the square of the mean bias: square at each point first.")
def bias_variance_squares_the_mean(predictions, truth):
    bias = np.mean(predictions.mean(axis=0) - truth)
    return bias**2, ref.bias_variance(predictions, truth)[1]


@mistake("bias_variance", "Your bias2 is the whole squared error: take the mean over trials first.")
def bias_variance_of_the_whole_error(predictions, truth):
    return np.mean((predictions - truth) ** 2), ref.bias_variance(predictions, truth)[1]


@mistake(
    "bias_variance", "Your bias_variance returns (variance, bias2): the squared bias is first."
)
def bias_variance_exchanged(predictions, truth):
    return ref.bias_variance(predictions, truth)[::-1]


@mistake("bias_variance", "Your variance is taken over the points: it is over the trials.")
def bias_variance_over_the_points(predictions, truth):
    bias2, _ = ref.bias_variance(predictions, truth)
    return bias2, np.mean(predictions.var(axis=1))


@mistake("bias_variance", "Your variance is that of all predictions at once: first at each point.")
def bias_variance_of_everything(predictions, truth):
    return ref.bias_variance(predictions, truth)[0], np.var(predictions)


@mistake("bias_variance", "Your variance is around the truth: it is around the mean over trials.")
def bias_variance_around_the_truth(predictions, truth):
    return ref.bias_variance(predictions, truth)[0], np.mean((predictions - truth) ** 2)


@mistake("bias_variance", "Your variance is a standard deviation.")
def bias_variance_with_deviations(predictions, truth):
    return ref.bias_variance(predictions, truth)[0], np.mean(predictions.std(axis=0))


@mistake("bias_variance", "Your bias2 and variance are sums over the points: they are means.")
def bias_variance_sums(predictions, truth):
    bias2, variance = ref.bias_variance(predictions, truth)
    return bias2 * len(truth), variance * len(truth)


@alternative("bias_variance", "loops over the points")
def bias_variance_by_loops(predictions, truth):
    bias2 = variance = 0.0
    for column, value in zip(predictions.T, truth, strict=True):
        mean = sum(column) / len(column)
        bias2 += (mean - value) ** 2
        variance += sum((p - mean) ** 2 for p in column) / len(column)
    return [bias2 / len(truth), variance / len(truth)]


# plot_validation


def plotted(degrees, train_errors, valid_errors, names=("training", "validation"), scale="log"):
    figure, axes = plt.subplots()
    axes.plot(degrees, train_errors, label=names[0])
    axes.plot(degrees, valid_errors, label=names[1])
    axes.set(xlabel="degree", ylabel="error", yscale=scale)
    axes.legend()
    return figure


@mistake("plot_validation", "Your y axis is linear.")
def plot_on_a_linear_axis(degrees, train_errors, valid_errors):
    return plotted(degrees, train_errors, valid_errors, scale="linear")


@mistake("plot_validation", "Your figure draws logarithms: the axis should be logarithmic.")
def plot_of_logarithms(degrees, train_errors, valid_errors):
    logs = np.log10(train_errors), np.log10(valid_errors)
    return plotted(degrees, *logs, scale="linear")


@mistake("plot_validation", "Your curves have each other's names.")
def plot_with_names_exchanged(degrees, train_errors, valid_errors):
    return plotted(degrees, train_errors, valid_errors, ("validation", "training"))


@mistake("plot_validation", "Your errors are drawn against their number: draw against the degree.")
def plot_against_the_number(degrees, train_errors, valid_errors):
    return plotted(np.arange(len(degrees)), train_errors, valid_errors)


@mistake("plot_validation", "Your figure lacks the training error.")
def plot_of_one_error(degrees, train_errors, valid_errors):
    return plotted(degrees, valid_errors, valid_errors)


@mistake("plot_validation", "Your figure names nothing.")
def plot_without_names(degrees, train_errors, valid_errors):
    figure = plotted(degrees, train_errors, valid_errors)
    figure.axes[0].get_legend().remove()
    return figure


@mistake("plot_validation", "Your axes have no labels.")
def plot_without_labels(degrees, train_errors, valid_errors):
    figure = plotted(degrees, train_errors, valid_errors)
    figure.axes[0].set(xlabel="", ylabel="")
    return figure


@alternative("plot_validation", "pyplot's semilogy, names beside the curves, returns nothing")
def plot_by_pyplot(degrees, train_errors, valid_errors):
    plt.figure()
    plt.semilogy(degrees, train_errors, "k--", degrees, valid_errors, "r.-")
    plt.text(degrees[-1], train_errors[-1], "train")
    plt.text(degrees[-1], valid_errors[-1], "valid", color="red")
    plt.xlabel("polynomial degree")
    plt.ylabel("MSE")


@alternative("plot_validation", "two panels with titles")
def plot_in_two_panels(degrees, train_errors, valid_errors):
    figure, axes = plt.subplots(1, 2, sharey=True)
    for each, values, name in zip(
        axes, (train_errors, valid_errors), ("Train", "Validation"), strict=True
    ):
        each.scatter(degrees, values)
        each.set(title=name, xlabel="degree", ylabel="error", yscale="log")
    return figure
