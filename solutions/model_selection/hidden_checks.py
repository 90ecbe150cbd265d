"""Hidden checks: every function against the reference, and what draws must be in the long run.

n, m and degrees differ. Data sets leave examples out, so that "everything but the test set" is not
training and validation set together. Draws are compared with what is asked in distribution: every
bound below is Hoeffding's (as a distance or by the divergence) or Dvoretzky, Kiefer and
Wolfowitz's, at a chance of 1e-11 that a right generator misses it.

A function is right where it does the right thing with what the student's own functions give: a
wrong ridge costs the points of ridge.
"""

from itertools import combinations

import numpy as np
import pytest

from grader.checks import (
    Integers,
    Uniform,
    answered,
    array,
    assert_close,
    assert_drawn_from,
    assert_follows,
    assert_partition,
    describe,
    digits_of,
    integer,
    number,
    passes,
    require,
    sequence,
)
from grader.errors import CheckFailed

SETS = ("train", "valid", "test")
MISS = 1e-11


def hoeffding(count, span=1.0):
    """How far the mean of `count` independent values within `span` may be from its expectation."""
    return span * np.sqrt(np.log(2 / MISS) / (2 * count))


def sizes_of(n, valid, test):
    n_valid, n_test = round(n * valid), round(n * test)
    return n - n_valid - n_test, n_valid, n_test


@pytest.mark.points(3)
def test_split_divides(student, rng):
    """split gives three disjoint sets of the right sizes that cover all examples"""
    probes = [(23, 0.2, 0.3), (17, 0.4, 0.15), (11, 0.0, 0.0), (12, 0.75, 0.25),
              (40, 0.33, 0.66), (101, 0.1, 0.007), (1, 0.1, 0.2)]  # fmt: skip
    seeds = rng.integers(1, 10**6, size=len(probes))
    calls = [(*probe, int(seed)) for probe, seed in zip(probes, seeds, strict=True)]
    answers = student.split.map(calls)
    for (n, valid, test), answer in zip(probes, answers, strict=True):
        try:
            assert_partition(answer, n, sizes_of(n, valid, test), SETS)
        except CheckFailed as failure:
            failure.where = failure.where or f"split({n}, {valid}, {test}, seed)"
            failure.diagnosis = failure.diagnosis or name_sizes(answers, probes)
            raise


ROUNDING = {
    "Your split cuts n * share off: round to the nearest whole number.": lambda n, valid, test: (
        int(n * valid),
        int(n * test),
    ),
    "Your split rounds both sets up, as scikit-learn does: round to the nearest.": (
        lambda n, valid, test: (int(np.ceil(n * valid)), int(np.ceil(n * test)))
    ),
    "Your split takes the share of the test set from what validation leaves: both are shares "
    "of n.": lambda n, valid, test: (
        round(n * valid),
        round((n - round(n * valid)) * test),
    ),
    "Your split takes the share of the validation set from what the test set leaves: both are "
    "shares of n.": lambda n, valid, test: (
        round((n - round(n * test)) * valid),
        round(n * test),
    ),
    "Your split exchanges the shares of validation and test set.": lambda n, valid, test: (
        round(n * test),
        round(n * valid),
    ),
}


def name_sizes(answers, probes):
    """The rule that gives the sizes of all sets, where one of the usual ones was taken."""
    try:
        lengths = [tuple(len(part) for part in answer) for answer in answers]
    except TypeError:
        return None
    fitting = [
        words
        for words, rule in ROUNDING.items()
        if all(
            sum(given) == n and given[1:] == rule(n, valid, test)
            for given, (n, valid, test) in zip(lengths, probes, strict=True)
            if sum(rule(n, valid, test)) <= n
        )
    ]
    return fitting[0] if len(fitting) == 1 else None


@pytest.mark.points(2)
def test_split_is_fair(student, rng):
    """over many seeds, examples come into every set as often as they should, and neighbours too"""
    n, count = 12, 500
    sizes = sizes_of(n, 0.25, 0.4)
    first = int(rng.integers(10**6))
    answers = student.split.map([(n, 0.25, 0.4, first + k) for k in range(count)])
    members = np.zeros((3, count, n))
    for k, answer in enumerate(answers):
        for s, part in enumerate(assert_partition(answer, n, sizes, SETS)):
            members[s, k, part] = 1
    bound = hoeffding(count)
    for name, size, inside in zip(SETS, sizes, members, strict=True):
        off = inside.mean(axis=0) - size / n
        worst = int(np.abs(off).argmax())
        require(
            bool(np.abs(off).max() <= bound),
            f"the example {worst} is in {name} too {'often' if off[worst] > 0 else 'rarely'}",
            expected=f"in about {size / n:.0%} of {count:,} splits",
            got=f"in {inside.mean(axis=0)[worst]:.0%}",
            hint="Shuffle all indices, then cut.",
        )
        # Neighbours are together as often as any two are: a block that is moved is no shuffle.
        together = (inside * np.roll(inside, 1, axis=1)).sum(axis=1)
        require(
            bool(abs(together.mean() - size * (size - 1) / (n - 1)) <= hoeffding(count, size)),
            f"neighbours are together in {name} more often or more rarely than by chance",
            expected=f"{size * (size - 1) / (n - 1):.2f} pairs of neighbours on average",
            got=f"{together.mean():.2f}",
            hint="Shuffle all indices, then cut.",
        )


SWAPS = (
    "If you swap by hand, swap i with one of i, ..., n - 1 only: n^n ways cannot be spread evenly "
    "over n! orders. rng.permutation(n) is fair."
)


@pytest.mark.points(2)
def test_split_is_fair_to_first_and_last(student, rng):
    """first, middle and last examples come into every set alike, and each of three into each"""
    n, count, blocks = 200, 300, 4
    sizes = sizes_of(n, 0.25, 0.4)
    first = int(rng.integers(10**6))
    calls = [(n, 0.25, 0.4, first + k) for k in range(count)]
    few = [(3, 1 / 3, 1 / 3, first + k) for k in range(100)]
    answers = student.split.map(calls + few)
    quarter = np.arange(n) * blocks // n
    found = np.zeros((3, blocks))
    for answer in answers[:count]:
        for s, part in enumerate(assert_partition(answer, n, sizes, SETS)):
            found[s] += np.bincount(quarter[part], minlength=blocks)
    # Drawn without replacement, a set holds a quarter's share at least as surely as with it.
    draws = count * np.array(sizes)[:, None]
    share = np.clip(found / draws, 1e-12, 1 - 1e-12)
    excess = draws * (share * np.log(share * blocks)
                      + (1 - share) * np.log((1 - share) * blocks / (blocks - 1)))  # fmt: skip
    s, block = np.unravel_index(int(excess.argmax()), excess.shape)
    require(
        bool(excess[s, block] <= np.log(2 * excess.size / MISS)),
        f"the examples {block * n // blocks} to {(block + 1) * n // blocks - 1} of {n} are in "
        f"{SETS[s]} too {'often' if share[s, block] > 1 / blocks else 'rarely'}",
        expected=f"{1 / blocks:.0%} of {SETS[s]} in {count} splits",
        got=f"{share[s, block]:.1%}",
        where=f"a fair shuffle is so far off less than once in {1 / MISS:.0e} runs",
        hint=SWAPS,
    )
    seen = np.zeros((3, 3), bool)
    for answer in answers[count:]:
        for s, part in enumerate(assert_partition(answer, 3, (1, 1, 1), SETS)):
            seen[s, part] = True
    require(  # a fair shuffle leaves out one of nine with a chance of 9 (2/3)^100, which is 2e-17
        bool(seen.all()),
        f"of three examples one is never in {SETS[int((~seen).any(axis=1).argmax())]}",
        expected="each in each set, in about a third of 100 splits",
        hint=SWAPS,
    )


@pytest.mark.points(4)
def test_features(student, reference, rng, diagnose):
    """features of inputs of many sizes, up to degree 6"""
    probes = [(rng.uniform(-1.6, 1.6, size=n), degree) for n, degree in
              [(7, 3), (4, 6), (9, 1), (3, 2), (5, 0), (1, 4), (7, 3)]]  # fmt: skip
    answers = student.features.map(probes)
    with diagnose("features", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            expected = reference.features(*probe)
            assert_close(answer, expected, "features(x, degree)", scale=np.abs(expected) + 1e-3)


def regression(rng, n, m, lam):
    """Arguments (Phi, y, lam): columns of several sizes, the first of ones; targets far from 0."""
    Phi = rng.normal(size=(n, m)) * rng.uniform(0.5, 2.0, size=m)
    Phi[:, 0] = 1.0
    return Phi, Phi @ rng.normal(size=m) + rng.normal(size=n) + 2.0, lam


def exact_regression(rng, lam):
    """Arguments (Phi, y, lam) whose sums of products float32 holds; a column is small.

    A penalty that is left out or added shows in the weight of that column.
    """
    while True:
        Phi, y = rng.integers(-8, 9, size=(16, 3)) / 4, rng.integers(-16, 17, size=16) / 4
        Phi[:, 2] /= 16
        w = np.linalg.lstsq(Phi, y, rcond=None)[0]
        if 100 < np.linalg.cond(Phi.T @ Phi) < 1000 and abs(w[2]) > 1:
            return Phi, y, lam


def judge_every_digit(reference, probe, answer):
    read = array(answer, "ridge(Phi, y, lam)", shape=(3,))
    low = digits_of(read, single=2e-3)
    assert_close(read, reference.ridge(*probe), f"ridge(Phi, y, {probe[2]:g})", low=low)


@pytest.mark.points(7)
def test_ridge(student, reference, rng, diagnose):
    """ridge of data of many shapes, also with more columns than examples"""
    shapes = [(11, 3, 0.6), (8, 5, 2.3), (6, 9, 0.4), (14, 2, 7.0), (5, 5, 1.7), (1, 3, 0.8)]
    shapes.append(shapes[0])  # what is remembered by shapes is not the answer
    exact = exact_regression(rng, 2.0**-11)
    probes = [*(regression(rng, *shape) for shape in shapes), exact]
    answers = student.ridge.map(probes)
    with diagnose("ridge", probes, answers):
        for probe, answer in zip(probes[:-1], answers, strict=False):
            assert_close(answer, reference.ridge(*probe), "ridge(Phi, y, lam)")
        judge_every_digit(reference, exact, answers[-1])


@pytest.mark.points(3)
def test_ridge_without_penalty(student, reference, rng, diagnose):
    """ridge with lam = 0 is least squares"""
    shapes = [(12, 3, 0.0), (9, 5, 0.0), (40, 4, 0.0)]
    exact = exact_regression(rng, 0.0)
    probes = [*(regression(rng, *shape) for shape in shapes), exact]
    answers = student.ridge.map(probes)
    with diagnose("ridge", probes, answers):
        for probe, answer in zip(probes[:-1], answers, strict=False):
            assert_close(answer, reference.ridge(*probe), "ridge(Phi, y, 0)")
        judge_every_digit(reference, exact, answers[-1])


@pytest.mark.points(3)
def test_error(student, reference, rng, diagnose):
    """error of predictions of data of many shapes"""
    probes = []
    for n, m in [(9, 3), (4, 6), (1, 2), (13, 1), (4, 4), (9, 3)]:
        Phi, y, _ = regression(rng, n, m, 0.0)
        probes.append((rng.normal(size=m), Phi, y))
    answers = student.error.map(probes)
    with diagnose("error", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            assert_close(answer, reference.error(*probe), "error(w, Phi, y)")


def plain(value):
    """A number, text or truth value, also of numpy's; None for anything else."""
    if isinstance(value, (np.ndarray, np.generic)) and value.ndim == 0:
        value = value.item()
    return value if isinstance(value, (bool, int, float, str)) else None


def same(value, right):
    """Whether a student's value is the same plain value, list or dict as a right one."""
    if isinstance(right, dict):
        return (
            isinstance(value, dict)
            and list(map(str, sorted(value, key=str))) == sorted(right)
            and all(same(value.get(name), right[name]) for name in right)
        )
    if isinstance(right, list):
        return isinstance(value, list) and len(value) == len(right) and all(map(same, value, right))
    return plain(value) == right


def read_configurations(value, count, names, name):
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


def product_of(space, fastest):
    """All combinations; fastest: the names, the one that varies fastest first."""
    rows = [{}]
    for name in reversed(fastest):
        rows = [{**row, name: value} for row in rows for value in space[name]]
    return rows


@pytest.mark.points(4)
def test_grid(student, rng):
    """grid of one to four names, with values of several types"""
    spaces = [
        {"degree": [2, 0, 5], "lam": [0.5, 0.25], "norm": ["l2", "l1"], "steps": [100, 10, 1]},
        {"lam": [round(float(v), 3) for v in rng.uniform(size=5)]},
        {"z": [True, False], "a": [3, 1, 2]},
        {"m": [4], "k": [9, 8], "b": [1.5]},
    ]
    answers = student.grid.map([(space,) for space in spaces])
    try:
        for space, answer in zip(spaces, answers, strict=True):
            judge_grid(answer, space)
    except CheckFailed as failure:
        failure.diagnosis = name_grid(answers, spaces)
        raise


def judge_grid(answer, space):
    expected = product_of(space, list(space)[::-1])
    items = read_configurations(answer, len(expected), list(space), "grid(space)")
    for k, (item, right) in enumerate(zip(items, expected, strict=True)):
        require(
            same(item, right),
            "grid(space) holds other configurations, or has another order",
            expected=str(right),
            got=describe(item) if len(str(item)) > 200 else str(item),
            where=f"configuration {k} of {len(expected)}",
        )


def pairs_of(space):
    return [dict(zip(space, row, strict=True)) for row in zip(*space.values(), strict=False)]


def name_grid(answers, spaces):
    """The mistake that gives all of these grids, where it is a usual one."""
    rules = {
        "In your grid the first name varies fastest: the last one should.": (
            lambda space: product_of(space, list(space))
        ),
        "Your grid pairs the lists up: it should hold every combination of their values.": pairs_of,
        "Your grid holds tuples of values: it should hold dicts, with the names.": (
            lambda space: [list(row.values()) for row in product_of(space, list(space)[::-1])]
        ),
        "Your grid holds one dict many times: make a new dict for each combination.": (
            lambda space: [product_of(space, list(space))[-1]] * len(product_of(space, list(space)))
        ),
        "Your grid takes the names in alphabetical order: their order in space counts.": (
            lambda space: product_of(space, sorted(space)[::-1])
        ),
    }
    fitting = [
        words
        for words, rule in rules.items()
        if all(same(answer, rule(space)) for answer, space in zip(answers, spaces, strict=True))
    ]
    return fitting[0] if len(fitting) == 1 else None


ALIKE = "Your configurations are all alike: make one generator, outside of the loop."


def judge_uniform(values, low, high, name):
    """Raise CheckFailed unless (count,) numbers look like draws from a uniform distribution."""
    ordered, count = np.sort(values), len(values)
    cdf = np.clip((ordered - low) / (high - low), 0, 1)
    steps = np.arange(count + 1) / count
    off = max(np.abs(cdf - steps[:-1]).max(), np.abs(cdf - steps[1:]).max())
    outside = bool((ordered < low).any() or (ordered > high).any())
    distinct = len(np.unique(ordered))
    if not outside and off <= hoeffding(count) and distinct > 0.9 * count:
        return
    diagnosis = None
    if distinct == 1:
        diagnosis = ALIKE
    elif set(values.tolist()) == {low, high}:
        diagnosis = "Your values of a tuple are its two ends: it stands for all numbers between."
    elif (values == np.round(values)).all():
        diagnosis = "Your values of a tuple are whole numbers: it stands for all real numbers."
    elif low > 0 and _is_log_uniform(ordered, low, high):
        diagnosis = "Your values of a tuple are uniform in their logarithm: they should be uniform."
    raise CheckFailed(
        f"the values of {name} are not uniform between {low:g} and {high:g}",
        expected=f"a tenth of them in each tenth of the range, {count:,} real numbers",
        got=f"{distinct:,} different numbers from {ordered[0]:.4g} to {ordered[-1]:.4g}, "
        f"half of them below {np.median(ordered):.4g}",
        diagnosis=diagnosis,
    )


def _is_log_uniform(ordered, low, high):
    cdf = np.log(np.clip(ordered, low, high) / low) / np.log(high / low)
    return np.abs(cdf - (np.arange(len(ordered)) + 0.5) / len(ordered)).max() <= hoeffding(
        len(ordered)
    )


SPACE = {
    "lam": (0.01, 3.0),
    "degree": [1, 2, 4, 7],
    "shift": (-2, 5),  # whole ends, and all real numbers between
    "kind": ["a", "b"],
    "width": [3 * k + 5 for k in range(16)],  # of so many no draw is exactly even by chance
}
MANY = 3000


def draw(student, rng, count):
    answer = student.random_configurations(SPACE, count, int(rng.integers(10**6)))
    name = f"random_configurations(space, {count}, seed)"
    return read_configurations(answer, count, SPACE, name)


@pytest.mark.points(5)
def test_random_configurations_are_uniform(student, rng):
    """random_configurations draws each value uniformly from its range or list"""
    items = draw(student, rng, MANY)
    for name in ("lam", "shift"):
        judge_uniform(np.array([number(item[name], name) for item in items]), *SPACE[name], name)
    for name in ("degree", "kind", "width"):
        places = places_of_choices(items, name)
        if (places < 0).any():
            raise CheckFailed(
                f"{name} is none of its choices",
                expected=f"one of {SPACE[name]}",
                got=describe(items[int((places < 0).argmax())][name]),
                diagnosis="Your values of a list lie between its ends: take one of its values."
                if name != "kind"
                else None,
            )
        for place, value in enumerate(SPACE[name]):
            share = (places == place).mean()
            require(
                abs(share - 1 / len(SPACE[name])) <= hoeffding(MANY),
                f"{value!r} is drawn too {'often' if share > 1 / len(SPACE[name]) else 'rarely'}",
                expected=f"in about {1 / len(SPACE[name]):.0%} of {MANY:,} configurations",
                got=f"in {share:.0%}",
            )


@pytest.mark.points(3)
def test_random_configurations_are_independent(student, rng):
    """in random_configurations no value tells anything of another one"""
    items = draw(student, rng, MANY)
    lam = np.array([number(item["lam"], "lam") for item in items])
    shift = np.array([number(item["shift"], "shift") for item in items])
    if not np.ptp(lam) > 0 or not np.ptp(shift) > 0:
        raise CheckFailed(
            "all configurations are the same",
            expected="every value drawn anew for each configuration",
            got=f"lam = {lam[0]:.6g} in all {MANY:,} of them",
            diagnosis=ALIKE,
        )
    low = {
        "lam": lam < np.mean(SPACE["lam"]),
        "shift": shift < np.mean(SPACE["shift"]),
        **{name: in_first_half(items, name) for name in ("degree", "kind", "width")},
    }
    # What is not uniform costs its points above, and says nothing here.
    even = {name: half for name, half in low.items() if abs(half.mean() - 0.5) <= hoeffding(MANY)}
    for one, other in combinations(even, 2):
        share = np.mean(even[one] & even[other])
        if abs(share - 0.25) > hoeffding(MANY):
            raise CheckFailed(
                f"{one} and {other} are not drawn independently",
                expected="both in the lower half of their values in about 25 %",
                got=f"{share:.0%} of {MANY:,} configurations",
                hint="One generator for all names: the same seed gives the same numbers again.",
                diagnosis="Your values of different names are the same draw: take a new one for "
                "each name."
                if share > 0.42
                else None,
            )
    hint = "Every value is drawn anew, and may come again."
    for name in even:
        values, law = places_of(items, name)
        if law is not None and has_the_shares_of(values, law):
            assert_drawn_from(values, law, f"{name} of the configurations", hint=hint)


def places_of_choices(items, name):
    """Of each configuration the place of its value in the list of choices, -1 for none of them."""
    places = {choice: place for place, choice in enumerate(SPACE[name])}
    return np.array([places.get(plain(item[name]), -1) for item in items])


def in_first_half(items, name):
    places = places_of_choices(items, name)
    return (places >= 0) & (places < len(SPACE[name]) // 2)


def places_of(items, name):
    """The values of a name, or their places in its list, and their law; None where one is odd."""
    choices = SPACE[name]
    if isinstance(choices, tuple):
        return np.array([number(item[name], name) for item in items]), Uniform(*choices)
    places = places_of_choices(items, name)
    return ([], None) if (places < 0).any() else (places, Integers(0, len(choices)))


def has_the_shares_of(values, law):
    """Whether the values are distributed by the law, which another check asks."""
    if isinstance(law, Uniform):
        return passes(judge_uniform, values, law.low, law.high, "values")
    shares = np.bincount(values, minlength=law.high) / len(values)
    return np.abs(shares - 1 / law.high).max() <= hoeffding(len(values))


def wave(rng, n):
    """n examples of a wave with noise, in random places."""
    x = rng.uniform(-1.2, 1.2, size=n)
    return x, np.sin(3 * x) + 0.25 * rng.normal(size=n) + 0.5


CONFIGURATIONS = [
    {"degree": degree, "lam": lam} for degree in (2, 5, 1, 3, 4) for lam in (0.9, 0.05)
] + [{"degree": 0, "lam": 0.0}]


def searching(reference, rng):
    """Arguments of `search` in which the usual mistakes choose another configuration, or err.

    Some examples are in neither set. The best configuration is neither first nor last, is not the
    best on the training set, and no other one comes near.
    """
    for _ in range(500):
        x, y = wave(rng, 34)
        order = rng.permutation(34)
        train, valid = order[:14], order[14:25]
        configurations = [CONFIGURATIONS[k] for k in rng.permutation(len(CONFIGURATIONS))]
        best, errors = reference.search(x, y, train, valid, configurations)
        on_train = reference.search(x, y, train, train, configurations)[0]
        lowest, second = np.partition(errors, 1)[:2]
        if 0 < best < len(errors) - 1 and best != on_train and second - lowest > 0.02 * lowest:
            return x, y, train, valid, configurations
    raise RuntimeError("no data suits")


def spare_searches(rng):
    """Arguments of `search` in which transposed features can be used, and none are of degree 0.

    In the first the tables of both sets are square, in the second that of all examples is.
    """
    found = []
    for n, degree, cut in [(8, 3, 4), (6, 5, 3)]:
        x, y = wave(rng, n)
        order = rng.permutation(n)
        configurations = [{"degree": degree, "lam": lam} for lam in (0.3, 0.9, 0.1)]
        found.append((x, y, order[:cut], order[cut : 2 * cut], configurations))
    return found


def judge_form_of_features(student):
    """Raise StudentFault unless features gives tables of the right shapes."""
    for degree in (0, 2):
        array(student.features(np.array([1.0, 2.0, -1.0, 0.5]), degree), shape=(4, degree + 1))


def error_at_once(student, x, y, rows, others, configuration):
    """The error by the student's own functions where rows are taken from the features of all x."""
    every = array(student.features(x, configuration["degree"]))
    w = array(student.ridge(every[rows], y[rows], configuration["lam"]))
    return number(student.error(w, every[others], y[others]))


RESTS = ["features", "ridge", "error"]
# Features of float32 leave errors that are off by 4e-5 at most in 300 draws: the normal equations
# of five powers of 14 numbers lose two digits.
SEARCH_LOW = 2e-4


@pytest.mark.points(7)
def test_search_errors(student, reference, rng, diagnose):
    """search gives the validation error of every configuration, in their order"""
    probes = [searching(reference, rng) for _ in range(3)]
    probes.append((*probes[1][:4], probes[0][4]))  # other data for the same configurations
    pairs = answered(
        student.search,
        probes,
        lambda: judge_form_of_features(student),
        spare=spare_searches(np.random.default_rng(len(probes))),
    )
    with diagnose("search", *zip(*pairs, strict=True)):
        for probe, answer in pairs:
            judge_errors(student, reference, probe, sequence(answer, 2, "(best, errors)")[1])


def judge_errors(student, reference, probe, errors):
    """Raise CheckFailed unless these are the errors of a search, by right functions or own ones."""

    def compare(expected):
        assert_close(errors, expected[1], "errors", scale=np.abs(expected[1]), low=SEARCH_LOW)

    try:
        assert_follows(compare, "search", probe, student=student, reference=reference, rests=RESTS)
    except CheckFailed:
        if passes(judge_form_of_features, student) or not passes(
            lambda: compare((None, errors_at_once(student, probe)))
        ):
            raise


def errors_at_once(student, probe):
    try:
        return np.array([error_at_once(student, *probe[:4], each) for each in probe[4]])
    except IndexError:
        raise CheckFailed("the features have no such rows") from None


@pytest.mark.points(2)
def test_search_best(student, reference, rng, diagnose):
    """search gives the index of the lowest error; of equal ones any"""
    probes = [searching(reference, rng) for _ in range(3)]
    x, y, train, valid, configurations = probes[0]
    best = reference.search(*probes[0])[0]
    twice = [*configurations, configurations[best]]
    probes.append((x, y, train, valid, twice))
    pairs = answered(
        student.search,
        probes,
        lambda: judge_form_of_features(student),
        spare=spare_searches(np.random.default_rng(len(probes))),
    )
    with diagnose("search", *zip(*pairs, strict=True)):
        for probe, answer in pairs:
            best, errors = sequence(answer, 2, "(best, errors)")
            require_index(best)
            judge_best(student, reference, probe, integer(best, "best"), errors)


def require_index(best):
    if isinstance(best, dict) and set(best) == {"degree", "lam"}:
        raise CheckFailed(
            "best is a configuration, and not the index of one",
            expected="a whole number",
            got=str(best),
            diagnosis="Your search returns the best configuration: its index is asked for.",
        )


def judge_best(student, reference, probe, best, errors):
    """Raise CheckFailed unless `best` is a lowest error: of the right ones, or of the student's."""

    def compare(expected):
        lowest = np.min(expected[1])
        require(
            0 <= best < len(expected[1]) and expected[1][best] <= lowest + 1e-5 * (1 + lowest),
            "best is not the index of the lowest validation error",
            expected=str(expected[0]),
            got=str(best),
            where=f"of {len(expected[1])} configurations",
        )

    try:
        assert_follows(compare, "search", probe, student=student, reference=reference, rests=RESTS)
    except CheckFailed:
        # Wrong errors cost their own points; their lowest one is the best all the same.
        own = np.array([number(value, "errors") for value in sequence(errors, len(probe[4]))])
        if np.ptp(own) <= 1e-5 or not 0 <= best < len(own) or own[best] > own.min():
            raise


@pytest.mark.points(5)
def test_final_error(student, reference, rng, diagnose):
    """final_error of data in which some examples are in no set"""
    probes = []
    for n, more, configuration in [
        (30, 6, {"degree": 4, "lam": 0.3}),
        (25, 10, {"lam": 2.0, "degree": 2}),  # two sets of one size could be added up
        (40, 5, {"degree": 1, "lam": 0.04}),
        (30, 6, {"degree": 4, "lam": 0.3}),
    ]:
        x, y = wave(rng, n)
        order = rng.permutation(n)
        probes.append((x, y, order[:10], order[10 : 10 + more], order[20:25], configuration))
    pairs = answered(
        student.final_error,
        probes,
        lambda: judge_form_of_features(student),
        spare=[
            (x, y, train[:2], train[2:], valid, configurations[0])
            for x, y, train, valid, configurations in spare_searches(np.random.default_rng(0))
        ],
    )
    with diagnose("final_error", *zip(*pairs, strict=True)):
        for probe, answer in pairs:
            judge_final_error(student, reference, probe, answer)


def judge_final_error(student, reference, probe, answer):
    """Raise CheckFailed unless this is the final error, by right functions or the student's own."""

    def compare(expected):
        assert_close(answer, expected, "final_error(...)")

    try:
        assert_follows(
            compare, "final_error", probe, student=student, reference=reference, rests=RESTS
        )
    except CheckFailed:
        x, y, train, valid, test, configuration = probe
        again = (x, y, np.concatenate([train, valid]), test, [configuration])
        if passes(judge_form_of_features, student) or not passes(
            lambda: compare(errors_at_once(student, again)[0])
        ):
            raise


@pytest.mark.points(5)
def test_bias_variance(student, reference, rng, diagnose):
    """bias_variance of many trials and of one"""
    probes = []
    for trials, n in [(7, 4), (3, 9), (5, 5), (1, 6), (8, 1), (7, 4)]:
        truth = rng.normal(size=n) + 1.0
        spread = rng.uniform(0.3, 2.0, size=n)
        predictions = truth + rng.normal(size=n) + spread * rng.normal(size=(trials, n))
        probes.append((predictions, truth))
    answers = student.bias_variance.map(probes)
    with diagnose("bias_variance", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            bias2, variance = sequence(answer, 2, "(bias2, variance)")
            expected = reference.bias_variance(*probe)
            assert_close(bias2, expected[0], "bias2", scale=sum(expected))
            assert_close(variance, expected[1], "variance", scale=sum(expected))
