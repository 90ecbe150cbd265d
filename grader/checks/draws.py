"""Judge functions that draw: their values follow a law, independently of each other.

No right generator gives known numbers, so the values are judged by statistics with bounds that hold
for every number of draws, not only for many. The chance that independent draws from the law fail
one call of `assert_drawn_from` is below FALSE_ALARM = 1e-10, shared among its statistics:

    counts of each integer    Chernoff: P(count/N <= q) <= exp(-N KL(q, p)), the same above
    equal counts              all n within r of each other: (r + 1)^n times the likeliest outcome
    the whole distribution    Dvoretzky, Kiefer, Wolfowitz with Massart's constant:
                              P(max |F_N - F| > e) <= 2 exp(-2 N e^2)
    ends of a law             P(no draw in a part of the share s) = (1 - s)^N
    mean of a normal law      P(|mean - m| > sd sqrt(2 t / N)) <= 2 exp(-t)
    spread of a normal law    Laurent, Massart: P(|chi2_k - k| > 2 sqrt(k t) + 2 t) <= 2 exp(-t)
    independence              differences of draws that stand `lag` apart, modulo the law's range,
                              are independent and uniform themselves: as above
    values spread too evenly  P(max |F_N - F| <= e) <= N! (2 e)^N: each has its place within 2 e
    values of one size        a draw falls into a bin (of the width w, by its distance from the
                              middle) that one before it is in: at most N w; Chernoff, as above
    exact moments             density of the mean and of the chi-square times what they miss by
    rows of one length        P(range of k chi-squares <= r) <= (2 r max density)^(k - 1)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grader.checks.compare import Floats, Ints, array, require

FALSE_ALARM = 1e-10
FLOAT32 = 1e-6  # what rounding to float32 may move a draw, in parts of the law's width


@dataclass(frozen=True)
class Integers:
    """Each of the integers low, ..., high - 1 with the same probability."""

    low: int
    high: int


@dataclass(frozen=True)
class Uniform:
    """Uniform between low and high; whether the ends themselves occur does not matter."""

    low: float
    high: float


@dataclass(frozen=True)
class Normal:
    """Normal with this mean and standard deviation."""

    mean: float
    sd: float


Law = Integers | Uniform | Normal


def assert_drawn_from(
    got: object,
    law: Law,
    name: str = "the draws",
    *,
    lags: Sequence[int] = (1,),
    false_alarm: float = FALSE_ALARM,
    hint: str | None = None,
) -> None:
    """Raise CheckFailed unless the values look like independent draws from `law`.

    got: an array of any shape, or nested lists; read row by row; rows and columns of a matrix of
    normal draws are looked at as such, too. lags: how far apart draws are
    compared for independence: 1 finds draws without repeats, the length of a row finds rows that
    are alike. false_alarm: the most that the probability of refusing a right generator may be.

    Every statistic needs draws: 200 for each of the integers, or 1,000 reals, show ordinary
    mistakes. Raises CheckFailed with the statistic, its bound and what came, and ValueError for a
    law, a lag or a probability that cannot be.
    """
    _require_a_law(law, lags, false_alarm)
    if isinstance(law, Integers):
        drawn = array(got, name, kind="int").ravel()
        _require_inside(drawn, law.low, law.high - 1, name, hint)
        _judge_integers(drawn - law.low, law, name, lags, false_alarm, hint)
    else:
        _judge_reals(array(got, name), law, name, lags, false_alarm, hint)


def _require_a_law(law: Law, lags: Sequence[int], false_alarm: float) -> None:
    """Raise ValueError, or TypeError, for a mistake of the check's author."""
    if not isinstance(law, (Integers, Uniform, Normal)):
        raise TypeError(f"the law is {law!r}; give Integers(...), Uniform(...) or Normal(...)")
    if (not law.sd > 0) if isinstance(law, Normal) else (not law.low < law.high):
        raise ValueError(f"{law} holds no values; its bounds or its sd are wrong")
    if not all(lag >= 1 and lag == int(lag) for lag in lags):
        raise ValueError(f"lags are {lags!r}; give whole numbers from 1 on")
    if not 0 < false_alarm < 1:
        raise ValueError(f"false_alarm is {false_alarm!r}; give a probability")


def _require_inside(
    drawn: Floats | Ints, low: float, high: float, name: str, hint: str | None
) -> None:
    outside = drawn[(drawn < low) | (drawn > high)]
    require(
        not outside.size,
        f"{name}: a value lies outside its range",
        expected=f"from {low:g} to {high:g}",
        got=f"{outside[0]:g}" if outside.size else None,
        hint=hint,
    )


def _judge_integers(
    drawn: Ints, law: Integers, name: str, lags: Sequence[int], alarm: float, hint: str | None
) -> None:
    n = law.high - law.low
    share = alarm / (2 + len(lags))
    _judge_evenness(drawn, n, share, name, hint)
    _judge_counts(
        drawn, n, share, f"{name}: not every value is as likely as it should be", law.low, hint
    )
    for lag in lags:
        moved = (drawn[lag:] - drawn[:-lag]) % n
        message = f"{name}: draws that stand {lag} apart depend on each other"
        _judge_counts(moved, n, share, message, None, hint)


def _judge_evenness(drawn: Ints, n: int, alarm: float, name: str, hint: str | None) -> None:
    """Independent draws do not come out equally often: a shuffled list of all values does."""
    size = len(drawn)
    if n < 2 or not size:
        return
    counts = np.bincount(drawn, minlength=n)
    spread = int(np.ptp(counts))
    most = (
        size % n
    )  # in the likeliest of all outcomes so many values come once more than the others
    chance = math.lgamma(size + 1) - size * math.log(n)
    chance -= (n - most) * math.lgamma(size // n + 1) + most * math.lgamma(size // n + 2)
    # No outcome as even as this one is likelier, and there are at most so many.
    if spread <= 1:
        chance += math.lgamma(n + 1) - math.lgamma(most + 1) - math.lgamma(n - most + 1)
    else:
        chance += n * math.log(spread + 1)
    require(
        chance >= math.log(alarm),
        f"{name}: every value comes equally often, which independent draws do not",
        expected="counts that vary by chance",
        got=f"{counts.min()} to {counts.max()} times each",
        hint=hint,
    )


def _judge_counts(
    drawn: Ints, n: int, alarm: float, message: str, low: int | None, hint: str | None
) -> None:
    """Each of 0, ..., n - 1 occurs about equally often. low: None where they are differences."""
    size = len(drawn)
    if n < 2 or not size:
        return
    counts = np.bincount(drawn, minlength=n)
    excess = size * _divergence(counts / size, 1 / n)
    worst = int(excess.argmax())
    what = f"the difference {worst}" if low is None else f"the value {low + worst}"
    require(
        bool(excess[worst] <= math.log(2 * n / alarm)),
        message,
        expected=f"{what} about {size / n:.0f} times among {size}",
        got=f"{counts[worst]} times",
        where=f"independent draws do so less than once in {1 / alarm:.0e} runs",
        hint=hint,
    )


def _divergence(q: Floats, p: float) -> Floats:
    """Kullback-Leibler divergence of Bernoulli laws, KL(q, p); 0 log 0 = 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        first = np.where(q > 0, q * np.log(q / p), 0.0)
        second = np.where(q < 1, (1 - q) * np.log((1 - q) / (1 - p)), 0.0)
    total: Floats = first + second
    return total


def _judge_reals(
    drawn: Floats,
    law: Uniform | Normal,
    name: str,
    lags: Sequence[int],
    alarm: float,
    hint: str | None,
) -> None:
    values = drawn.ravel()
    if not values.size:
        return
    share = alarm / (9 + len(lags))
    if isinstance(law, Uniform):
        width = law.high - law.low
        slack = FLOAT32 * max(width, abs(law.low), abs(law.high))
        _require_inside(values, law.low - slack, law.high + slack, name, hint)
        _judge_ends(values, law, name, share, hint)
        places = (values - law.low) / width
    else:
        _judge_moments(values, law, name, share, hint)
        places = _normal_distribution((values - law.mean) / law.sd)
    _judge_places(places, share, f"{name}: not distributed as it should be", hint)
    if isinstance(law, Normal):
        _judge_tails(values, places, name, share, hint)
        _judge_exactness((values - law.mean) / law.sd, name, share, hint)
        for table in (drawn, drawn.T) if drawn.ndim == 2 else ():
            _judge_lengths((table - law.mean) / law.sd, name, share, hint)
    _judge_spread(places, name, share, hint)
    _judge_sizes(places, name, share, hint)
    for lag in lags:
        moved = (places[lag:] - places[:-lag]) % 1.0
        message = f"{name}: draws that stand {lag} apart depend on each other"
        _judge_places(moved, share, message, hint)


def _judge_ends(values: Floats, law: Uniform, name: str, alarm: float, hint: str | None) -> None:
    """The draws come as near to both ends as that many do."""
    width = law.high - law.low
    gap = width * (1 - (alarm / 2) ** (1 / len(values)))
    low, high = float(values.min()), float(values.max())
    require(
        low - law.low <= gap + FLOAT32 * width and law.high - high <= gap + FLOAT32 * width,
        f"{name}: no value comes near an end of its range",
        expected=f"from about {law.low:g} to about {law.high:g}",
        got=f"from {low:.6g} to {high:.6g}",
        where=f"{len(values)} draws fail this less than once in {1 / alarm:.0e} runs",
        hint=hint,
    )


def _judge_tails(values: Floats, places: Floats, name: str, alarm: float, hint: str | None) -> None:
    """The draws come as far out as that many of a normal law do: a truncated one ends before."""
    gap = 1 - (alarm / 2) ** (1 / len(values))
    require(
        bool(places.min() <= gap and places.max() >= 1 - gap),
        f"{name}: no value lies far from the mean",
        expected="tails on both sides, as a normal law has them",
        got=f"from {values.min():.6g} to {values.max():.6g}",
        where=f"{len(values)} draws fail this less than once in {1 / alarm:.0e} runs",
        hint=hint,
    )


def _judge_moments(values: Floats, law: Normal, name: str, alarm: float, hint: str | None) -> None:
    """Mean and standard deviation of a normal law."""
    size = len(values)
    t = math.log(2 / alarm)
    told = f"{size} draws fail this less than once in {1 / alarm:.0e} runs"
    mean = float(values.mean())
    squares = float(((values - mean) ** 2).sum()) / law.sd**2  # chi-square with size - 1
    require(
        abs(squares - (size - 1)) <= 2 * math.sqrt((size - 1) * t) + 2 * t,
        f"{name}: the standard deviation is wrong",
        expected=f"about {law.sd:g}",
        got=f"{math.sqrt(squares / size) * law.sd:.6g}",
        where=told,
        hint=hint,
    )
    within = law.sd * math.sqrt(2 * t / size)
    require(
        abs(mean - law.mean) <= within,
        f"{name}: the mean is wrong",
        expected=f"{law.mean:g}, within {within:.3g}",
        got=f"{mean:.6g}",
        where=told,
        hint=hint,
    )


def _judge_places(places: Floats, alarm: float, message: str, hint: str | None) -> None:
    """Values between 0 and 1 are uniform there: their distribution function is the diagonal."""
    size = len(places)
    if not size:
        return
    ordered = np.sort(places)
    above = np.arange(1, size + 1) / size - ordered
    below = ordered - np.arange(size) / size
    worst = max(float(above.max()), float(below.max()))
    bound = math.sqrt(math.log(2 / alarm) / (2 * size)) + FLOAT32
    require(
        worst <= bound,
        message,
        expected=f"a distribution function within {bound:.3g} of the law's",
        got=f"{worst:.3g} away from it",
        where=f"{size} draws fail this less than once in {1 / alarm:.0e} runs",
        hint=hint,
    )


def _judge_spread(places: Floats, name: str, alarm: float, hint: str | None) -> None:
    """Independent draws leave gaps and heap up: one draw in each part of the range does not."""
    size = len(places)
    middles = (np.arange(size) + 0.5) / size
    worst = float(np.abs(np.sort(places) - middles).max()) + 0.5 / size
    require(
        math.lgamma(size + 1) + size * math.log(2 * worst) >= math.log(alarm),
        f"{name}: the values are spread more evenly than independent draws are",
        expected="values that lie close together in some places and far apart in others",
        got="one value in each part of the range",
        hint=hint,
    )


def _judge_sizes(places: Floats, name: str, alarm: float, hint: str | None) -> None:
    """No draw comes twice, nor with the opposite sign: in a symmetric matrix each one does."""
    size = len(places)
    bins = np.floor(np.abs(2 * places - 1) / FLOAT32)
    again = size - len(np.unique(bins))
    likely = min(1.0, 1.2 * FLOAT32 * size)  # a bin holds 8 or 9 of the numbers that are float32
    excess = float(size * _divergence(np.array([again / size]), likely)[0])
    require(
        again / size <= likely or excess <= -math.log(alarm),
        f"{name}: the same values come more than once, or with the opposite sign",
        expected=f"{size} values of their own",
        got=f"{size - again} different ones, whatever the sign",
        hint=hint,
    )


def _judge_exactness(z: Floats, name: str, alarm: float, hint: str | None) -> None:
    """The mean and the spread of standard normal draws miss those of the law by chance."""
    size = len(z)
    if size < 4:
        return
    off_mean = abs(float(z.mean())) * math.sqrt(size)
    squares = float(((z - z.mean()) ** 2).sum())
    off_spread = min(abs(squares - size), abs(squares - size + 1))
    # At most so likely to miss by no more; the two are independent of each other.
    of_mean = min(1.0, off_mean * math.sqrt(2 / math.pi))
    of_spread = min(1.0, 4 * off_spread * _highest_density(size - 1))
    both = max(of_mean * of_spread, 1e-300)
    require(
        min(of_mean, of_spread, both * (1 - math.log(both))) >= alarm / 3,
        f"{name}: their mean or their standard deviation is exactly that of the law",
        expected="independent draws, which miss both by chance",
        got=f"a mean of {z.mean():.3g} and a standard deviation of {z.std():.12g} times the law's",
        hint=hint,
    )


def _judge_lengths(z: Floats, name: str, alarm: float, hint: str | None) -> None:
    """The rows of a matrix of standard normal draws differ in length."""
    rows, size = z.shape
    if rows < 2 or size < 3:
        return
    squares = (z**2).sum(axis=1)
    within = 2 * float(np.ptp(squares)) * _highest_density(size)
    require(
        within >= alarm ** (1 / (rows - 1)),
        f"{name}: all rows, or all columns, have the same length",
        expected=f"squares that add up to about {size}, and vary by chance",
        got=f"between {squares.min():.6g} and {squares.max():.6g}",
        hint=hint,
    )


def _highest_density(degrees: int) -> float:
    """The largest value of the density of the chi-square law with at least 3 degrees of freedom."""
    a = degrees / 2
    return math.exp((a - 1) * math.log(a - 1) - (a - 1) - math.lgamma(a)) / 2


def _normal_distribution(z: Floats) -> Floats:
    return np.array([0.5 * math.erfc(-value / math.sqrt(2)) for value in z.tolist()])
