"""What a beginner reads: typical mistakes in a homework, and the text that each leads to.

Each mistake is put behind a right solution, where the last definition of a function counts. The
texts are as they stand on a terminal of 80 columns. `...` in one stands for words of Python's or
numpy's own that differ from version to version.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import pytest
from making import can_isolate
from rich.console import Console
from running import ROOT

from grader.course.course import find_course
from grader.engine.runner import grade_all
from grader.engine.task import Result, Task, task_of
from grader.reports import rich_text
from grader.reports.schema import Report
from grader.sandbox.host.probe import open_launcher
from grader.submission.files import Submission


@dataclass(frozen=True)
class Mistake:
    """A mistake's code, the check that is looked at, and what is said about it."""

    check: str
    code: str
    told: str


MISTAKES = {
    "array_of_one_number_as_an_entry": Mistake(
        "test_softmax_example",
        """
def softmax(Z):
    P = np.zeros(Z.shape)
    for i in range(len(Z)):
        for c in range(Z.shape[1]):
            P[i, c] = np.exp(Z[i : i + 1, c]) / np.exp(Z[i]).sum()
    return P
""",
        """
! softmax of two rows whose probabilities are fractions
...
  hint:     An entry of an array is one number, and this is an array or a list.
            If it holds one number alone, take that out with `[0]` or `.item()`;
            newer versions of numpy ask for it.
  see:      README.md, softmax
""",
    ),
    "absolute_path": Mistake(
        "test_softmax_example",
        """
def softmax(Z):
    with open("/home/me/homework/scale.csv") as file:
        return Z * float(file.read())
""",
        """
! softmax of two rows whose probabilities are fractions
FileNotFoundError: [Errno 2] No such file or directory:
'/home/me/homework/scale.csv'
  multiclass_lr.py, line ..., in softmax: with
            open("/home/me/homework/scale.csv") as file:
  hint:     Where your work is graded there are only the data of the homework
            and the files that you hand in: open data by the name alone, without
            the path of a folder on your machine.
  see:      README.md, softmax
""",
    ),
    "sums_over_columns": Mistake(
        "test_softmax_rows_are_distributions",
        """
def softmax(Z):
    E = np.exp(Z - Z.max())
    return E / E.sum(axis=0)
""",
        """
✗ each row of softmax is positive and sums to 1
the sums of the rows of softmax(Z): wrong values
  checks.py, line ...: softmax(an array of shape (5, 3))
  expected: [1, 1, 1, 1, 1]
  got:      [0.897293, 0.431906, 0.642991, 0.66847, 0.35934]
  where:    first at [0]; all 5 are wrong
  hint:     Which sum stands in the denominator: that of the row or that of the
            column?
  see:      README.md, softmax
""",
    ),
    "loses_an_axis": Mistake(
        "test_softmax_example",
        """
def softmax(Z):
    E = np.exp(Z)
    return E / E.sum(axis=1)
""",
        """
! softmax of two rows whose probabilities are fractions
ValueError: operands could not be broadcast together with shapes (2,4) (2,)
  multiclass_lr.py, line 203, in softmax: return E / E.sum(axis=1)
  hint:     The shapes (2,4) and (2,) do not fit together: compared from the
            right, two axes must be equal, or one of them must be 1.
            `keepdims=True` keeps an axis that a sum would remove.
  see:      README.md, softmax
""",
    ),
    "exp_overflows": Mistake(
        "test_softmax_of_huge_scores",
        """
def softmax(Z):
    return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
""",
        """
✗ softmax stays finite for scores of 10000 and -10000
softmax(Z): got nan, expected a finite value
  checks.py, line ...: softmax([[10000, 10001, 0], [-10000, -10000, -10000],
            [10000, -10000, 0]])
  expected: finite numbers
  got:      nan, which stands for no number
  where:    first at [0, 0]; 6 of 9 are nan or infinite
  hint:     nan comes of 0 / 0, inf / inf, inf - inf or 0 * inf. exp of a large
            number is inf, log of 0 is -inf.
  see:      README.md, softmax
  printed:
  | RuntimeWarning: overflow encountered in exp (multiclass_lr.py, line 202:
  | return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True))
  | RuntimeWarning: invalid value encountered in divide (multiclass_lr.py, line
  | 202: return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True))
""",
    ),
    "prints_and_returns_nothing": Mistake(
        "test_softmax_example",
        """
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    print(E / E.sum(axis=1, keepdims=True))
""",
        """
✗ softmax of two rows whose probabilities are fractions
softmax(Z): expected an array of numbers, got None
  checks.py, line ...: softmax([[0, 0.693147, 1.09861, 0.693147], [1.09861, 0, 0,
            -1.09861]])
  expected: an array of numbers
  got:      None
  hint:     Does every path through the function end in `return`? Printing
            returns nothing.
  see:      README.md, softmax
  printed:
  | [[0.125  0.25   0.375  0.25  ]
  |  [0.5625 0.1875 0.1875 0.0625]]
""",
    ),
    "math_exp": Mistake(
        "test_softmax_example",
        """
import math

def softmax(Z):
    return math.exp(Z) / math.exp(Z).sum()
""",
        """
! softmax of two rows whose probabilities are fractions
TypeError: only 0-dimensional arrays can be converted to Python scalars
  multiclass_lr.py, line 204, in softmax: return math.exp(Z) / math.exp(Z).sum()
  hint:     A single number is needed here, but this is an array. np.exp and
            np.log accept arrays; math.exp and math.log do not.
  see:      README.md, softmax
""",
    ),
    "misspelt_numpy": Mistake(
        "test_softmax_example",
        """
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / np.summ(E, axis=1, keepdims=True)
""",
        """
! softmax of two rows whose probabilities are fractions
AttributeError: module 'numpy' has no attribute 'summ'. Did you mean `sum`?
  multiclass_lr.py, line 203, in softmax: return E / np.summ(E, axis=1,
            keepdims=True)
  see:      README.md, softmax
""",
    ),
    "misspelt_variable": Mistake(
        "test_softmax_example",
        """
def softmax(Z):
    scores = Z - Z.max(axis=1, keepdims=True)
    E = np.exp(score)
    return E / E.sum(axis=1, keepdims=True)
""",
        """
! softmax of two rows whose probabilities are fractions
NameError: name 'score' is not defined. Did you mean `scores`?
  multiclass_lr.py, line 203, in softmax: E = np.exp(score)
  hint:     Is `score` spelled the same where it is defined, and is it defined
            before this line runs and visible in this function?
  see:      README.md, softmax
""",
    ),
    "hides_its_own_name": Mistake(
        "test_gradient_at_zero",
        """
def gradient(W, b, X, y):
    softmax = softmax(X @ W + b)
    D = one_hot(y, W.shape[1]) - softmax
    return X.T @ D, D.sum(axis=0)
""",
        """
! gradient where every class has probability 1/4
UnboundLocalError: cannot access local variable 'softmax' where it is not
associated with a value
  multiclass_lr.py, line 202, in gradient: softmax = softmax(X @ W + b)
  hint:     A function that assigns to `softmax` anywhere has its own `softmax`,
            which has no value yet on this line: use a different name.
  see:      README.md, gradient
""",
    ),
    "mean_for_sum": Mistake(
        "test_log_likelihood_example",
        """
def log_likelihood(W, b, X, y):
    P = softmax(X @ W + b)
    return np.log(P[np.arange(len(y)), y]).mean()
""",
        """
✗ log_likelihood of four examples is log 1/2 + log 3/5 + log 1/3 + log 1/3
log_likelihood(W, b, X, y): wrong value
  checks.py, line ...: log_likelihood([[0, 0.693147, 0], [1.09861, 0, 0]], [0, 0,
            0], [[1, 0], [0, 1], [1, 1], [0, 0]], [1, 0, 1, 2])
  expected: -3.401197382
  got:      -0.8502993454
  hint:     It is a sum over the examples, not a mean, of natural logarithms.
  see:      README.md, log_likelihood
  likely:   It is 1/4 times the right one, and X has 4 rows.
""",
    ),
    "log_of_zero": Mistake(
        "test_log_likelihood_of_huge_scores",
        """
def log_likelihood(W, b, X, y):
    P = softmax(X @ W + b)
    return np.log(P[np.arange(len(y)), y]).sum()
""",
        """
✗ log_likelihood stays finite where scores are 10000 apart
log_likelihood of huge scores: got -inf, expected a finite value
  checks.py, line ...
  expected: a finite number
  got:      -inf
  hint:     log of 0 is -inf.
  see:      README.md, log_likelihood
  printed:
  | RuntimeWarning: divide by zero encountered in log (multiclass_lr.py, line
  | 203: return np.log(P[np.arange(len(y)), y]).sum())
""",
    ),
    "transposed": Mistake(
        "test_gradient_at_zero",
        """
def gradient(W, b, X, y):
    D = np.eye(W.shape[1])[y] - softmax(X @ W + b)
    return D.T @ X, D.sum(axis=0)
""",
        """
✗ gradient where every class has probability 1/4
dW has shape (4, 2), expected (2, 4)
  checks.py, line ...: gradient([[0, 0, 0, 0], [0, 0, 0, 0]], [0, 0, 0, 0], [[1,
            2], [3, -1], [0, 4]], [2, 0, 2])
  expected: 2 rows of 4 numbers: shape (2, 4)
  got:      4 rows of 2 numbers: shape (4, 2)
  hint:     It looks transposed.
  see:      README.md, gradient
""",
    ),
    "matrices_do_not_fit": Mistake(
        "test_gradient_at_zero",
        """
def gradient(W, b, X, y):
    D = np.eye(W.shape[1])[y] - softmax(X @ W + b)
    return X @ D, D.sum(axis=0)
""",
        """
! gradient where every class has probability 1/4
ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with
gufunc signature (n?,k),(k,m?)->(n?,m?) (size 3 is different from 2)
  multiclass_lr.py, line 203, in gradient: return X @ D, D.sum(axis=0)
  hint:     In A @ B, A must have as many columns as B has rows. Print both
            shapes: does one of them have to be transposed?
  see:      README.md, gradient
""",
    ),
    "opposite_sign": Mistake(
        "test_gradient_is_the_slope_of_log_likelihood",
        """
def gradient(W, b, X, y):
    D = softmax(X @ W + b) - np.eye(W.shape[1])[y]
    return X.T @ D, D.sum(axis=0)
""",
        """
✗ gradient agrees with the slope of your own log_likelihood
dW is not the gradient of your log_likelihood
  checks.py, line ...
  expected: -3.674867453, the slope of your log_likelihood
  got:      3.674867453
  where:    dW[1, 1]
  hint:     dW has the opposite sign.
  see:      README.md, gradient
  likely:   It has the opposite sign.
""",
    ),
    "forgets_db": Mistake(
        "test_gradient_is_the_slope_of_log_likelihood",
        """
def gradient(W, b, X, y):
    D = np.eye(W.shape[1])[y] - softmax(X @ W + b)
    return X.T @ D
""",
        """
✗ gradient agrees with the slope of your own log_likelihood
(dW, db): expected 2 values, got an array of shape (3, 4)
  checks.py, line ...: gradient(an array of shape (3, 4), [0.168757, -0.410568,
            0.366205, -1.6717], an array of shape (7, 3), [0, 1, 2, 3, 3, 1, 0])
  expected: 2 values
  got:      an array of shape (3, 4)
  hint:     Return them all, in this order, with commas between them.
  see:      README.md, gradient
""",
    ),
    "column_for_a_vector": Mistake(
        "test_gradient_at_zero",
        """
def gradient(W, b, X, y):
    D = np.eye(W.shape[1])[y] - softmax(X @ W + b)
    return X.T @ D, D.sum(axis=0).reshape(-1, 1)
""",
        """
✗ gradient where every class has probability 1/4
db has shape (4, 1), expected (4,)
  checks.py, line ...: gradient([[0, 0, 0, 0], [0, 0, 0, 0]], [0, 0, 0, 0], [[1,
            2], [3, -1], [0, 4]], [2, 0, 2])
  expected: 4 numbers: shape (4,)
  got:      4 rows of 1 number: shape (4, 1)
  hint:     The number of entries is right: reshape or ravel it.
  see:      README.md, gradient
""",
    ),
    "labels_are_floats": Mistake(
        "test_gradient_at_zero",
        """
def gradient(W, b, X, y):
    labels = y / 1
    D = np.eye(W.shape[1])[labels] - softmax(X @ W + b)
    return X.T @ D, D.sum(axis=0)
""",
        """
! gradient where every class has probability 1/4
IndexError: arrays used as indices must be of integer (or boolean) type
  multiclass_lr.py, line 203, in gradient: D = np.eye(W.shape[1])[labels] -
            softmax(X @ W + b)
  hint:     An index must be an integer: labels made by `np.zeros` or `/` are
            floats, and `.astype(int)` turns them into integers.
  see:      README.md, gradient
""",
    ),
    "another_def_line": Mistake(
        "test_cross_entropy_example",
        """
def cross_entropy(P):
    return -(P * np.log(P)).sum(axis=1)
""",
        """
! cross_entropy of two pairs of distributions
TypeError: cross_entropy() takes 1 positional argument but 2 were given
  multiclass_lr.py, line 201: def cross_entropy(P):
  expected: cross_entropy(P, Q)
  hint:     A function must be called with all the arguments in its `def` line,
            in that order. Keep the starter's `def` line for functions that the
            checks call.
  see:      README.md, cross_entropy
""",
    ),
    "swapped": Mistake(
        "test_cross_entropy_example",
        """
def cross_entropy(P, Q):
    return -(Q * np.log(P)).sum(axis=1)
""",
        """
✗ cross_entropy of two pairs of distributions
cross_entropy(P, Q): wrong values
  checks.py, line ...: cross_entropy([[0.5, 0.25, 0.25], [0.333333, 0.333333,
            0.333333]], [[0.25, 0.25, 0.5], [0.5, 0.25, 0.25]])
  expected: [1.21301, 1.15525]
  got:      [1.21301, 1.09861]
  where:    [1], the only one of 2 that is wrong
  hint:     P comes first: it is Q that stands inside the logarithm.
  see:      README.md, cross_entropy
""",
    ),
    "zero_times_infinity": Mistake(
        "test_cross_entropy_counts_0_log_0_as_0",
        """
def cross_entropy(P, Q):
    return -(P * np.log(Q)).sum(axis=1)
""",
        """
✗ cross_entropy counts 0 log 0 as 0
cross_entropy(P, Q): got nan, expected a finite value
  checks.py, line ...: cross_entropy([[0, 1, 0], [0.5, 0.5, 0]], [[0.5, 0.5, 0],
            [0.25, 0.75, 0]])
  expected: finite numbers
  got:      nan, which stands for no number
  where:    first at [0]; all 2 are nan or infinite
  hint:     nan comes of 0 / 0, inf / inf, inf - inf or 0 * inf. exp of a large
            number is inf, log of 0 is -inf.
  see:      README.md, cross_entropy
  printed:
  | RuntimeWarning: divide by zero encountered in log (multiclass_lr.py, line
  | 202: return -(P * np.log(Q)).sum(axis=1))
  | RuntimeWarning: invalid value encountered in multiply (multiclass_lr.py,
  | line 202: return -(P * np.log(Q)).sum(axis=1))
""",
    ),
    "if_on_an_array": Mistake(
        "test_cross_entropy_example",
        """
def cross_entropy(P, Q):
    if P > 0:
        return -(P * np.log(Q)).sum(axis=1)
    return np.zeros(len(P))
""",
        """
! cross_entropy of two pairs of distributions
ValueError: The truth value of an array with more than one element is ambiguous.
Use a.any() or a.all()
  multiclass_lr.py, line 202, in cross_entropy: if P > 0:
  hint:     `if` and `and` need a single True or False, but comparing arrays
            gives many: use `.any()`, `.all()`, or `np.where` to choose for each
            entry. Python's own `max` and `min` compare in the same way:
            `np.maximum` and `np.minimum` take arrays.
  see:      README.md, cross_entropy
""",
    ),
    "index_too_large": Mistake(
        "test_objective_example",
        """
def objective(W, b, X, y):
    P = softmax(X @ W + b)
    total = 0.0
    for i in range(1, len(y) + 1):
        total -= np.log(P[i, y[i]])
    return total / len(y)
""",
        """
! objective of four examples is (log 2 + log 5/3 + log 3 + log 3) / 4
IndexError: index 4 is out of bounds for axis 0 with size 4
  multiclass_lr.py, line 205, in objective: total -= np.log(P[i, y[i]])
  hint:     The indices of that axis go from 0 to 3.
  see:      README.md, objective
""",
    ),
    "history_one_too_short": Mistake(
        "test_fit_history_falls",
        """
def fit(X, y, k, steps, step_size):
    W, b = np.zeros((X.shape[1], k)), np.zeros(k)
    history = []
    for _ in range(steps):
        history.append(objective(W, b, X, y))
        dW, db = gradient(W, b, X, y)
        W, b = W + step_size * dW / len(y), b + step_size * db / len(y)
    return W, b, np.array(history)
""",
        """
✗ fit records steps + 1 objectives, each lower than the one before
history has shape (20,), expected (21,)
  checks.py, line ...: fit(an array of shape (30, 2), an array of shape (30,),
            3, 20, 0.1)
  expected: 21 numbers: shape (21,)
  got:      20 numbers: shape (20,)
  hint:     The start counts: one entry before the first step, and one after
            each step.
  see:      README.md, fit
""",
    ),
    "climbs": Mistake(
        "test_fit_history_falls",
        """
def fit(X, y, k, steps, step_size):
    W, b = np.zeros((X.shape[1], k)), np.zeros(k)
    history = [objective(W, b, X, y)]
    for _ in range(steps):
        dW, db = gradient(W, b, X, y)
        W, b = W - step_size * dW / len(y), b - step_size * db / len(y)
        history.append(objective(W, b, X, y))
    return W, b, np.array(history)
""",
        """
✗ fit records steps + 1 objectives, each lower than the one before
history does not fall from iteration 0 to 1
  checks.py, line ...: fit(an array of shape (30, 2), an array of shape (30,),
            3, 20, 0.1)
  expected: less than 1.098612289
  got:      1.270384875
  where:    [1]
  hint:     A small step against the gradient makes it smaller: look at the
            sign.
  see:      README.md, fit
""",
    ),
    "half_a_size": Mistake(
        "test_softmax_rows_are_distributions",
        """
def softmax(Z):
    return np.zeros(Z.size / 2)
""",
        """
! each row of softmax is positive and sums to 1
TypeError: ...
  multiclass_lr.py, line 202, in softmax: return np.zeros(Z.size / 2)
  hint:     A count or a size must be an integer: `//` of two integers gives an
            integer, `/` never does.
  see:      README.md, softmax
""",
    ),
    "largest_is_numpys": Mistake(
        "test_softmax_rows_are_distributions",
        """
from numpy import *

def softmax(Z):
    E = np.exp(Z)
    return E / max(E.sum(), 1e-8)
""",
        """
! each row of softmax is positive and sums to 1
TypeError: 'float' object cannot be interpreted as an integer
  multiclass_lr.py, line 205, in softmax: return E / max(E.sum(), 1e-8)
  hint:     Is `max` numpy's here? After `from numpy import *` and `%pylab` it
            is, and takes its second argument for an axis; `import numpy as np`
            leaves Python's own `max` alone. If not: A count or a size must be
            an integer: `//` of two integers gives an integer, `/` never does.
  see:      README.md, softmax
""",
    ),
    "integers_cannot_hold_it": Mistake(
        "test_fit_takes_one_step",
        """
def fit(X, y, k, steps, step_size):
    W, b = np.zeros((X.shape[1], k), dtype=int), np.zeros(k)
    history = [objective(W, b, X, y)]
    for _ in range(steps):
        dW, db = gradient(W, b, X, y)
        W += step_size * dW / len(y)
        b += step_size * db / len(y)
        history.append(objective(W, b, X, y))
    return W, b, np.array(history)
""",
        """
! fit with 1 step returns what one step from zeros gives
UFuncTypeError: Cannot cast ufunc 'add' output from dtype('float64') to
dtype('int64') with casting rule 'same_kind'
  multiclass_lr.py, line 206, in fit: W += step_size * dW / len(y)
  hint:     `+=` and similar operators keep the array's type, but int64 cannot
            hold float64: start from `np.zeros(...)`, which holds floats.
  see:      README.md, fit
""",
    ),
    "classes_from_one": Mistake(
        "test_predict_example",
        """
def predict(W, b, X):
    return np.argmax(X @ W + b, axis=1) + 1
""",
        """
✗ predict takes the class with the largest probability
predict(W, b, X): not all between 0 and 2
  checks.py, line ...: predict([[1, 0, -1], [0, 2, 0]], [0, -1, 0.5], [[2, 0],
            [0, 2], [-2, 0], [0, 0], [1, 2]])
  expected: integers from 0 to 2
  got:      3
  where:    [2]
  hint:     Classes are numbered from 0.
  see:      README.md, predict
""",
    ),
    "probabilities_for_classes": Mistake(
        "test_predict_example",
        """
def predict(W, b, X):
    return softmax(X @ W + b).max(axis=1)
""",
        """
✗ predict takes the class with the largest probability
predict(W, b, X): expected integers, got 0.9259392562
  checks.py, line ...: predict([[1, 0, -1], [0, 2, 0]], [0, -1, 0.5], [[2, 0],
            [0, 2], [-2, 0], [0, 0], [1, 2]])
  expected: integers
  got:      0.9259392562
  where:    first at [0]; all 5 are fractions
  hint:     A label is the number of a class, from 0 to 2.
  see:      README.md, predict
""",
    ),
    "no_labels": Mistake(
        "test_plot_labels_its_axes",
        """
def plot_history(history):
    plt.figure()
    plt.plot(history)
""",
        """
✗ plot_history labels both axes
the x axis and the y axis have no label
  checks.py, line ...
  hint:     ax.set_xlabel("...") and ax.set_ylabel("..."), or pyplot's
            plt.xlabel and plt.ylabel
  see:      README.md, plot_history
""",
    ),
    "draws_nothing": Mistake(
        "test_plot_shows_the_history",
        """
def plot_history(history):
    print(history)
""",
        """
✗ plot_history draws the objective against the iteration
`plot_history` drew no figure
  checks.py, line ...
  expected: a matplotlib Figure
  got:      None
  hint:     Draw with pyplot or make a Figure, and return it.
  see:      README.md, plot_history
  printed:
  | [2.3        2.35422119 2.40382766 2.44449163 2.4724413  2.48469539
  |  2.4792485  2.45519578 2.41278923 2.35342196 2.27954164 2.1944983
  |  2.102336   2.00754146 1.91476503 1.8285316  1.75295925 1.69150319
  |  1.64674096 1.62021216 1.61232272 1.62231965 1.6483379  1.68751628
  |  1.73617535 1.79004624 1.844536   1.89501322 1.93709598 1.96692426
  | ... 5 more lines
  |  1.29508635 1.21263665 1.12194024 1.02739269 0.93362901 0.84523545
  |  0.7664644  0.70096996 0.65158075 0.62012406 0.6073122  0.61269825
  |  0.63470383 0.67071723 0.71725581 0.77018254 0.82496316 0.8769482
  |  0.92166196 0.95508086 0.97388358]
""",
    ),
    "missing_colon": Mistake(
        "test_softmax_example",
        """
def softmax(Z)
    return np.exp(Z)
""",
        """
! softmax of two rows whose probabilities are fractions
the submission cannot be run: multiclass_lr.py, line 201: SyntaxError: expected
':'
      def softmax(Z)
                    ^
""",
    ),
    "torch": Mistake(
        "test_softmax_example",
        """
import torch

def softmax(Z):
    return torch.softmax(Z, dim=1)
""",
        """
! softmax of two rows whose probabilities are fractions
NameError: name 'torch' is not defined
  multiclass_lr.py, line 204, in softmax: return torch.softmax(Z, dim=1)
  while loading: multiclass_lr.py, line 201: ModuleNotFoundError: No module
            named 'torch' (only numpy, matplotlib and the standard library are
            available, and the files that you hand in)
  see:      README.md, softmax
""",
    ),
    "another_name": Mistake(
        "test_softmax_example",
        """
del softmax

def soft_max(Z):
    return np.exp(Z)
""",
        """
! softmax of two rows whose probabilities are fractions
there is no `softmax` in the submission; did you call it `soft_max`?
  see:      README.md, softmax
""",
    ),
    "inside_a_class": Mistake(
        "test_softmax_example",
        """
del softmax

class Homework:
    def softmax(Z):
        return np.exp(Z)
""",
        """
! softmax of two rows whose probabilities are fractions
there is no `softmax` in the submission; it is defined inside `Homework`
(multiclass_lr.py, line 204): take its indentation away
  see:      README.md, softmax
""",
    ),
    "inside_a_function": Mistake(
        "test_softmax_example",
        """
del softmax

def before(Z):
    if Z is None:
        def softmax(Z):
            return np.exp(Z)
""",
        """
! softmax of two rows whose probabilities are fractions
there is no `softmax` in the submission; it is defined inside `before`
(multiclass_lr.py, line 205): take its indentation away
  see:      README.md, softmax
""",
    ),
    "numpy_without_its_short_name": Mistake(
        "test_softmax_example",
        """
import numpy
del np

def softmax(Z):
    return np.exp(Z)
""",
        """
! softmax of two rows whose probabilities are fractions
NameError: name 'np' is not defined
  multiclass_lr.py, line 205, in softmax: return np.exp(Z)
  hint:     Is `import numpy as np` at the top of your code?
  see:      README.md, softmax
""",
    ),
    "quits": Mistake(
        "test_softmax_example",
        """
def softmax(Z):
    exit()
""",
        """
! softmax of two rows whose probabilities are fractions
SystemExit
  multiclass_lr.py, line 202, in softmax: exit()
  hint:     `exit()` and `quit()` end the whole program: a function ends with
            `return`.
  see:      README.md, softmax
""",
    ),
    "tabs_and_spaces": Mistake(
        "test_softmax_example",
        """
def softmax(Z):
    if True:
\treturn Z
""",
        """
! softmax of two rows whose probabilities are fractions
the submission cannot be run: multiclass_lr.py, line 203: TabError: inconsistent
use of tabs and spaces in indentation
      return Z
  hint:     Some lines are indented with tabs and others with spaces: let your
            editor turn all tabs into spaces.
""",
    ),
    "backslashes": Mistake(
        "test_softmax_example",
        r"""
DATA = "C:\Users\me"
""",
        r"""
! softmax of two rows whose probabilities are fractions
the submission cannot be run: multiclass_lr.py, line 201: SyntaxError: (unicode
error) 'unicodeescape' codec can't decode bytes in position 2-3: truncated
\UXXXXXXXX escape
      DATA = "C:\Users\me"...
  hint:     A backslash has a meaning of its own in a string: write r"..."
            before such a path.
""",
    ),
}


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    """The report of each mistake on the check that is looked at; on all where none can be run."""
    assignment = find_course(ROOT).assignment("multiclass_lr")
    assert assignment.reference is not None
    right = assignment.reference.read_text(encoding="utf-8").split('\nif __name__ == "__main__"')[0]
    right += "\n" * (199 - right.count("\n"))  # each mistake begins on line 201
    by_check: dict[str | None, list[Task]] = {}
    for name, mistake in MISTAKES.items():
        files = {"multiclass_lr.py": (right + mistake.code).encode()}
        only = None if "cannot be run" in mistake.told else mistake.check
        by_check.setdefault(only, []).append(task_of(Submission(files, ""), name, "multiclass_lr"))
    made: dict[str, Report] = {}

    def deliver(task: Task, result: Result) -> None:
        made[task.source.label] = result.staff

    launcher = open_launcher(allow_unsafe=not can_isolate())
    try:
        for only, tasks in by_check.items():
            grade_all(
                assignment, tasks, launcher, deliver,
                seed="", hidden=False, keep_figures="none", only=only,
            )  # fmt: skip
    finally:
        launcher.close()
    return made


def told_of(report: Report, check: str) -> str:
    """What stands on the terminal about one check, a line break at the end."""
    (only,) = (c for c in report.checks if c.id == f"checks::{check}")
    (failure,) = rich_text.failures(report.model_copy(update={"checks": (only,)}))
    file = io.StringIO()
    out = Console(file=file, width=80, highlight=False, emoji=False, color_system=None)
    rich_text.failure(failure, out)
    lines = [line.rstrip() for line in file.getvalue().splitlines()]
    assert max(map(len, lines)) <= 80
    return "\n".join(lines) + "\n"


def pattern_of(golden: str) -> str:
    return re.escape(golden).replace(re.escape("..."), "[^`]+?")


@pytest.mark.parametrize("name", MISTAKES)
def test_a_beginners_mistake_is_told_in_these_words(reports: dict[str, Report], name: str) -> None:
    mistake = MISTAKES[name]
    told = told_of(reports[name], mistake.check)
    if not re.fullmatch(pattern_of(mistake.told), told, re.DOTALL):
        assert told == mistake.told


def test_there_are_enough_of_them_and_of_every_kind() -> None:
    assert len(MISTAKES) >= 25
    everything = "".join(mistake.told for mistake in MISTAKES.values())
    for word in ("expected:", "got:", "where:", "hint:", "see:", ", line ", "SyntaxError"):
        assert word in everything


def test_what_stands_in_the_way_of_all_is_told_once(reports: dict[str, Report]) -> None:
    (failure,) = rich_text.failures(reports["missing_colon"])
    file = io.StringIO()
    rich_text.failure(failure, Console(file=file, width=80, color_system=None, highlight=False))
    assert file.getvalue().count("\n") <= 8
    assert "more checks fail with the same message" in file.getvalue()


def test_no_frame_of_the_graders_is_shown(reports: dict[str, Report]) -> None:
    for report in reports.values():
        for check in report.checks:
            assert "grader/" not in (check.text or "")
            assert ", in test_" not in (check.text or "")
