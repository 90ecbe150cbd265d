"""Public checks: worked numbers, properties, and what every split and every draw must be.

Run them with `python -m grader check`, or with pytest.
"""

import numpy as np
import pytest

from grader.checks import (
    answered,
    array,
    assert_close,
    assert_partition,
    describe,
    integer,
    number,
    passes,
    require,
    sequence,
)
from grader.checks.figure import (
    axes_labelled,
    curves_drawn,
    labels_in_place,
    legend_names,
    log_scale,
    told_apart,
)
from grader.errors import CheckFailed, StudentFault

SETS = ("train", "valid", "test")
# "fitting" alone would be found in a validation curve's "overfitting".
TRAINING = ("train", "in sample", "fitting loss", "fitting error", "fitting set",
            "fitting data", "lern", "entren", "entraîn", "appren", "addestr", "trein", "обуч",
            "trénov", "uczen", "eğitim", "训练", "訓練", "学習", "훈련")  # fmt: skip
# The longer word counts: a "learning curve" or a loss "during training" may be the validation's.
VALIDATION = ("val", "validation", "validier", "validaci", "validazi", "validaç", "validati",
              "held", "out of sample", "dev", "geprüft", "prüf", "convalid", "walid",
              "валид", "провер", "ověř", "doğrulama", "验证", "驗證", "検証", "검증")  # fmt: skip


def sizes_of(n, valid, test):
    n_valid, n_test = round(n * valid), round(n * test)
    return n - n_valid - n_test, n_valid, n_test


@pytest.mark.points(3)
@pytest.mark.parametrize(
    ("n", "valid", "test"), [(10, 0.2, 0.3), (9, 0.3, 0.4), (8, 0.5, 0.5), (7, 0.0, 0.25)]
)
@pytest.mark.hint("Three sets of indices: no example in two of them, each in one.")
@pytest.mark.hint("`round` takes the nearest whole number, `int` cuts off.")
@pytest.mark.hint("Put 0 to n - 1 into a random order and cut it in two places.")
@pytest.mark.see("split")
def test_split_covers_everything(student, n, valid, test):
    """split gives three disjoint sets of the right sizes that cover all examples"""
    assert_partition(student.split(n, valid, test, 3), n, sizes_of(n, valid, test), SETS)


@pytest.mark.points(2)
@pytest.mark.hint("Where does your generator come from, and which seed has it?")
@pytest.mark.hint("`rng = np.random.default_rng(seed)` inside the function.")
@pytest.mark.see("split")
def test_split_depends_on_the_seed(student):
    """split gives the same sets for the same seed, and others for another seed"""
    answers = student.split.map([(60, 0.3, 0.3, seed) for seed in (5, 5, 6, 7)])
    parts = [assert_partition(answer, 60, (24, 18, 18), SETS) for answer in answers]
    first, again, *others = [[sorted(part.tolist()) for part in each] for each in parts]
    if first != again:
        raise CheckFailed(
            "split gives two different splits for the seed 5",
            hint="Draw everything from a generator made of the seed.",
            diagnosis="Your split does not use the seed alone: the same one gives different sets.",
        )
    if any(other == first for other in others):
        raise CheckFailed(
            "split gives the same split for the seeds 5, 6 and 7"
            if all(other == first for other in others)
            else "split gives the same split for two different seeds",
            hint="The order of the examples must come from a generator made of the seed.",
            diagnosis="Your split gives the same sets for every seed: shuffle by the seed."
            if all(other == first for other in others)
            else None,
        )


@pytest.mark.points(3)
@pytest.mark.hint("One row per input, one column per power.")
@pytest.mark.hint("The first column is x^0, all ones; the last is x^degree.")
@pytest.mark.see("features")
def test_features_example(student):
    """features of three inputs up to the fourth power"""
    expected = np.array([[1, 2, 4, 8, 16], [1, -3, 9, -27, 81], [1, 0.5, 0.25, 0.125, 0.0625]])
    answer = student.features(np.array([2.0, -3.0, 0.5]), 4)
    assert_close(answer, expected, "features(x, 4)", scale=np.abs(expected))


@pytest.mark.points(1)
@pytest.mark.hint("Which powers are there when the degree is 0?")
@pytest.mark.hint("One column of ones; also for x = 0.")
@pytest.mark.see("features")
def test_features_of_degree_0(student):
    """features of degree 0 is one column of ones"""
    answer = student.features(np.array([0.0, 2.0, -1.0]), 0)
    assert_close(answer, np.ones((3, 1)), "features(x, 0)")


@pytest.mark.points(4)
@pytest.mark.hint("Set the gradient of the sum to zero and solve for w.")
@pytest.mark.hint("Here Phi'Phi is 2 on the diagonal and 0 elsewhere, and lam is added to that.")
@pytest.mark.see("ridge")
def test_ridge_example(student):
    """ridge of two examples whose columns are orthogonal"""
    Phi, y = np.array([[1.0, 1.0], [1.0, -1.0]]), np.array([5.0, 1.0])
    plain, weak, strong = student.ridge.map([(Phi, y, lam) for lam in (0.0, 0.5, 6.0)])
    assert_close(plain, np.array([3.0, 2.0]), "ridge(Phi, y, 0)")
    assert_close(weak, np.array([2.4, 1.6]), "ridge(Phi, y, 0.5)")
    assert_close(strong, np.array([0.75, 0.5]), "ridge(Phi, y, 6)")


@pytest.mark.points(3)
@pytest.mark.hint("Both terms are sums, and the constant's weight is penalised as the others are.")
@pytest.mark.hint("The penalty is lam times w'w: no 1/2, no division by n.")
@pytest.mark.see("ridge")
def test_ridge_is_the_minimum(student, rng):
    """no step away from ridge's w makes the sum of error and penalty smaller"""
    x = np.linspace(-1.0, 1.2, 9)
    Phi, y, lam = x[:, None] ** np.arange(4), np.cos(2 * x) + 3.0, 0.7
    w = array(student.ridge(Phi, y, lam), "ridge(Phi, y, lam)", shape=(4,))

    def total(v):
        return float(np.sum((Phi @ v - y) ** 2) + lam * v @ v)

    for direction in (*np.eye(4), *rng.normal(size=(4, 4))):
        for step in (-1e-2, 1e-2):
            lower = total(w + step * direction)
            # Rounding to float32 moves the minimum by far less than this.
            require(
                lower >= total(w) - 1e-7,
                "a step away from the w of ridge makes ||Phi w - y||^2 + lam ||w||^2 smaller",
                expected="the smallest value there is",
                got=f"{total(w):.8g}, and {lower:.8g} a step of 0.01 away",
            )


@pytest.mark.points(2)
@pytest.mark.hint("The mean of the squared differences.")
@pytest.mark.hint("The differences are 0, 1, -3 here.")
@pytest.mark.see("error")
def test_error_example(student):
    """error of three predictions is (0 + 1 + 9) / 3"""
    Phi, w, y = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]), np.array([1.0, 2.0]), [1, 2, 8]
    assert_close(student.error(w, Phi, np.array(y, float)), 10 / 3, "error(w, Phi, y)")


def read_configurations(value, count, names, name):
    """A student's list of dicts, each with these names."""
    items = sequence(value, count, name)
    for k, item in enumerate(items):
        require(
            isinstance(item, dict) and set(item) == set(names),
            f"{name} should hold dicts",
            expected=f"a dict with the names {', '.join(map(repr, names))}",
            got=describe(item),
            where=f"configuration {k}",
        )
    return items


@pytest.mark.points(3)
@pytest.mark.hint("How many combinations of 2 and of 3 values are there?")
@pytest.mark.hint("itertools.product gives all combinations of several lists.")
@pytest.mark.see("grid")
def test_grid_holds_every_combination(student):
    """grid of 2 degrees and 3 strengths holds each of the 6 combinations once"""
    space = {"degree": [1, 4], "lam": [0.1, 1.0, 10.0]}
    items = read_configurations(student.grid(space), 6, space, "grid(space)")
    pairs = sorted((number(item["degree"]), number(item["lam"])) for item in items)
    expected = [(degree, lam) for degree in (1, 4) for lam in (0.1, 1.0, 10.0)]
    require(
        pairs == expected,
        "grid(space) does not hold each combination of degree and lam once",
        expected=str(expected),
        got=str(pairs),
    )


@pytest.mark.points(2)
@pytest.mark.hint("Read the list aloud: which name changes from each entry to the next?")
@pytest.mark.hint("In nested loops the innermost one runs fastest: that of the last name.")
@pytest.mark.see("grid")
def test_grid_varies_the_last_name_fastest(student):
    """in grid the last name varies fastest, whatever it is called"""
    space = {"b": [3, 1], "c": [0.5, 0.25], "a": [7, 8]}
    items = read_configurations(student.grid(space), 8, space, "grid(space)")
    came = [tuple(number(item[name]) for name in space) for item in items]
    expected = [(b, c, a) for b in (3, 1) for c in (0.5, 0.25) for a in (7, 8)]
    require(
        came == expected,
        "grid(space) has another order",
        expected=f"(b, c, a) = {', '.join(map(str, expected[:4]))}, ...",
        got=f"(b, c, a) = {', '.join(f'({b:g}, {c:g}, {a:g})' for b, c, a in came[:4])}, ...",
    )


def plain(value):
    """A number or text, also of numpy's; None for anything else."""
    if isinstance(value, np.ndarray | np.generic) and value.ndim == 0:
        value = value.item()
    return value if isinstance(value, bool | int | float | str) else None


SPACE = {"lam": (0.5, 2.0), "degree": [2, 5, 9], "kind": ["plain", "scaled"]}


@pytest.mark.points(3)
@pytest.mark.hint("A tuple is a range, a list a choice: `isinstance(values, tuple)` tells.")
@pytest.mark.hint("rng.uniform(low, high) and rng.choice(values), anew for every configuration.")
@pytest.mark.see("random_configurations")
def test_random_configurations_lie_in_the_space(student):
    """random_configurations gives as many dicts as asked for, with values of the space"""
    answer = student.random_configurations(SPACE, 40, 1)
    items = read_configurations(answer, 40, SPACE, "random_configurations(space, 40, 1)")
    for k, item in enumerate(items):
        lam = number(item["lam"], "lam")
        require(
            0.5 <= lam <= 2.0,
            "lam lies outside its range",
            expected="a number from 0.5 to 2",
            got=f"{lam:g}",
            where=f"configuration {k}",
        )
        for name in ("degree", "kind"):
            require(
                plain(item[name]) in SPACE[name],
                f"{name} is none of its choices",
                expected=f"one of {SPACE[name]}",
                got=describe(item[name]),
                where=f"configuration {k}",
            )
    other = {"eps": (5.0, 6.0), "degree": [3]}
    answer = student.random_configurations(other, 40, 1)
    read_configurations(answer, 40, other, "random_configurations of another space")


@pytest.mark.points(2)
@pytest.mark.hint("Where does your generator come from, and which seed has it?")
@pytest.mark.hint("Make one generator of the seed, before the loop over the configurations.")
@pytest.mark.see("random_configurations")
def test_random_configurations_depend_on_the_seed(student):
    """random_configurations gives the same list for the same seed, and others for another seed"""
    space = {"lam": (0.0, 1.0), "eps": (1.0, 3.0)}
    answers = student.random_configurations.map([(space, 4, seed) for seed in (5, 5, 6, 7)])
    first, again, *others = (
        [
            [number(item[name], name) for name in space]
            for item in read_configurations(answer, 4, space, "random_configurations(space, 4, 5)")
        ]
        for answer in answers
    )
    if first != again:
        raise CheckFailed(
            "random_configurations gives two different lists for the seed 5",
            hint="Draw everything from a generator made of the seed.",
            diagnosis="Your random_configurations does not use the seed alone: the same one gives "
            "different lists.",
        )
    if all(other == first for other in others):
        raise CheckFailed(
            "random_configurations gives the same list for the seeds 5, 6 and 7",
            hint="The values must come from a generator made of the seed.",
            diagnosis="Your random_configurations gives the same list for every seed.",
        )


def small_search():
    """(x, y, train, valid, configurations), with the weights by hand."""
    x, y = np.array([0.0, 1.0, 2.0, 5.0]), np.array([1.0, 3.0, 4.0, 11.0])
    configurations = [
        {"degree": 0, "lam": 3.0},  # w = 4 / (2 + 3) = 0.8
        {"degree": 1, "lam": 1.0},  # w = (1, 1)
        {"degree": 0, "lam": 6.0},  # w = 4 / (2 + 6) = 0.5
    ]
    return x, y, np.array([0, 1]), np.array([2, 3]), configurations


@pytest.mark.points(4)
@pytest.mark.hint("Train on the rows `train`, measure on the rows `valid`.")
@pytest.mark.hint("Every configuration has a degree and a lam of its own, and so its own features.")
@pytest.mark.see("search")
def test_search_example(student):
    """search of three configurations, worked by hand"""
    # What search raises because features has another form costs the points of features.
    ((probe, answer), *_) = answered(
        student.search,
        [small_search()],
        lambda: judge_form_of_features(student),
        spare=[square_search(), search_at_once()],
    )
    best, errors = sequence(answer, 2, "(best, errors)")
    lowest = 1
    try:
        expected = [(3.2**2 + 10.2**2) / 2, (1 + 25) / 2, (3.5**2 + 10.5**2) / 2]
        assert_close(errors, np.array(expected), "errors")
    except CheckFailed:
        own = errors_like(student, errors, *probe)
        if own is None:
            raise
        lowest = int(own.argmin())
    require(integer(best, "best") == lowest, "best is not the index of the lowest error",
            expected=str(lowest), got=describe(best))  # fmt: skip


def square_search():
    """A search in which the tables of features are square, so that transposed ones can be used."""
    x = np.array([0.0, 1.0, -1.0, 0.5, 2.0, -0.5])
    y = np.array([1.0, 3.0, -2.0, 0.0, 5.0, 1.0])
    configurations = [{"degree": 2, "lam": lam} for lam in (0.5, 2.0, 0.1)]
    return x, y, np.array([0, 1, 2]), np.array([3, 4, 5]), configurations


def search_at_once():
    """The same where the rows are taken from one table, that of all x."""
    x, y, *_ = square_search()
    configurations = [{"degree": 5, "lam": lam} for lam in (0.5, 2.0, 0.1)]
    return x, y, np.array([0, 2, 4]), np.array([1, 5]), configurations


def judge_form_of_features(student):
    """Raise StudentFault unless features gives tables of the right shapes."""
    for degree in (0, 2):
        array(student.features(np.array([1.0, 2.0, -1.0, 0.5]), degree), shape=(4, degree + 1))


def errors_like(student, errors, *probe):
    """The student's own errors if these are what was given, however the rows are taken; or None."""
    for at_once in (False, True):
        own = own_errors(student, *probe, at_once=at_once)
        if own is not None and passes(assert_close, errors, own):
            return own
    return None


def own_errors(student, x, y, rows, others, configurations, *, at_once=False):
    """The errors that come of the student's own features, ridge and error, or None.

    A mistake in one of those costs its own points, and not those of a function that calls it.
    at_once: whether the rows are taken from the features of all x.
    """
    found = []
    try:
        for configuration in configurations:
            degree = configuration["degree"]
            if at_once:
                every = array(student.features(x, degree))
                Phi, other = every[rows], every[others]
            else:
                Phi, other = (array(student.features(x[part], degree)) for part in (rows, others))
            w = array(student.ridge(Phi, y[rows], configuration["lam"]))
            found.append(number(student.error(w, other, y[others])))
    except (StudentFault, IndexError):
        return None
    return np.array(found) if any(found) else None


@pytest.mark.points(3)
@pytest.mark.hint("Training and validation set together: np.concatenate.")
@pytest.mark.hint("Measured on the test set alone, and without a penalty.")
@pytest.mark.see("final_error")
def test_final_error_example(student):
    """final_error of a line through three points is the mean of 9 and 1"""
    x, y = np.array([0.0, 1.0, 2.0, 3.0, 6.0, 9.0]), np.array([1.0, 3.0, 4.0, 8.0, 8.0, -5.0])
    sets = np.array([0, 1]), np.array([2]), np.array([3, 4])
    # The line 1 + 4/3 x is 5 and 9 at the two; of degree 0, w = 8 / (3 + 1) = 2.
    configurations = [{"degree": 1, "lam": 1.0}, {"degree": 0, "lam": 1.0}]
    usual = [(x, y, *sets, each) for each in configurations]
    pairs = answered(
        student.final_error,
        usual,
        lambda: judge_form_of_features(student),
        spare=[final_probe(*square_search()), final_probe(*search_at_once())],
    )
    rights = [5.0, 36.0] if len(pairs) == 2 else [None] * len(pairs)
    for (probe, answer), right in zip(pairs, rights, strict=True):
        configuration = probe[-1]
        try:
            require(right is not None, "final_error cannot be used with these features")
            name = f"final_error with degree {configuration['degree']} and lam 1"
            assert_close(answer, right, name)
        except CheckFailed:
            both = np.concatenate(probe[2:4])
            if errors_like(student, [answer], *probe[:2], both, probe[4], [configuration]) is None:
                raise


def final_probe(x, y, train, valid, configurations):
    """Arguments of final_error whose training set in all is that of a search."""
    return x, y, train[:2], train[2:], valid, configurations[0]


@pytest.mark.points(3)
@pytest.mark.hint("First the mean over the trials, for each point by itself.")
@pytest.mark.hint("Bias squared comes first; both are means over the points in the end.")
@pytest.mark.see("bias_variance")
def test_bias_variance_example(student):
    """bias_variance of three trials at two points is (5/2, 4/3)"""
    predictions, truth = np.array([[1.0, 2.0], [3.0, 2.0], [2.0, 5.0]]), np.array([1.0, 1.0])
    answer = student.bias_variance(predictions, truth)
    bias2, variance = sequence(answer, 2, "(bias2, variance)")
    assert_close(bias2, 2.5, "bias2")
    assert_close(variance, 4 / 3, "variance")


def curves():
    """(degrees, train_errors, valid_errors): neither at even places nor from 0."""
    degrees = np.array([1, 2, 3, 5, 6, 8, 11, 12])
    training = np.array([2.1, 0.9, 0.41, 0.22, 0.17, 0.13, 0.084, 0.06])
    validation = np.array([2.6, 1.3, 0.62, 0.35, 0.44, 0.81, 1.9, 3.7])
    return degrees, training, validation


def draw(student):
    degrees, training, validation = curves()
    figure = student.plot_validation.draw(degrees, training, validation)
    both = {"the training error": training, "the validation error": validation}
    return figure, curves_drawn(figure, both, x=degrees)


@pytest.mark.points(3)
@pytest.mark.hint("Both errors, unchanged, above the degree to which they belong.")
@pytest.mark.hint("The first argument of `plot` is what stands to the right: the degrees.")
@pytest.mark.see("plot_validation")
def test_plot_shows_both_curves(student):
    """plot_validation draws both errors against the degree"""
    draw(student)


@pytest.mark.points(1)
@pytest.mark.hint("The errors differ by powers of ten: which scale shows them all?")
@pytest.mark.hint('axes.set_yscale("log"): the axis is logarithmic and the values stay.')
@pytest.mark.see("plot_validation")
def test_plot_is_logarithmic(student):
    """plot_validation has a logarithmic y axis"""
    for curve in draw(student)[1].values():
        log_scale(curve.axes)


@pytest.mark.points(2)
@pytest.mark.hint("Which of the two is which? The figure is to say so.")
@pytest.mark.hint("`label=` in the calls that draw, then axes.legend().")
@pytest.mark.see("plot_validation")
def test_plot_names_its_curves(student):
    """plot_validation tells the two curves apart by name"""
    figure, found = draw(student)
    words = dict(zip(found, (TRAINING, VALIDATION), strict=True))
    try:
        told_apart(figure, found, words=words)
    except CheckFailed:
        # A language that is not on the list: two names, and neither says what we can read.
        given = [
            " ".join(legend_names(figure, curve)).lower().replace("-", " ")
            for curve in found.values()
        ]
        known = any(word in text for text in given for word in (*TRAINING, *VALIDATION))
        worded = all(any(letter.isalpha() for letter in text) for text in given)
        if known or not worded or given[0] == given[1]:
            raise


@pytest.mark.points(1)
@pytest.mark.hint("What is drawn to the right and what upwards? The figure is to say so.")
@pytest.mark.hint("axes.set_xlabel and axes.set_ylabel.")
@pytest.mark.see("plot_validation")
def test_plot_labels_its_axes(student):
    """plot_validation labels both axes"""
    figure = student.plot_validation.draw(*curves())
    axes_labelled(figure)
    labels_in_place(figure, x=("degree", "grad", "degré", "grado", "степен"), y=("mse",))
