#!/usr/bin/env bash
# gradescope-utils 0.5.0: a test with a failing subtest does not stand in results.json at all, neither
# as failed nor with its weight, so the student reads two tests of two passed; a skipped test
# vanishes in the same way.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q gradescope-utils==0.5.0
"$folder/venv/bin/python" - <<'PYTHON'
import io
import json
import unittest

from gradescope_utils.autograder_utils.decorators import weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner


class Softmax(unittest.TestCase):
    @weight(4)
    def test_rows_sum_to_one(self):
        self.assertAlmostEqual(0.25 + 0.75, 1)

    @weight(4)
    def test_large_scores(self):
        for score in (1, 100, 10000):
            with self.subTest(score=score):
                self.assertLess(score, 1000)

    @weight(4)
    def test_all_subtests_pass(self):
        for score in (1, 2):
            with self.subTest(score=score):
                self.assertLess(score, 3)

    @weight(4)
    @unittest.skip("needs the data")
    def test_on_the_digits(self):
        pass


written = io.StringIO()
suite = unittest.defaultTestLoader.loadTestsFromTestCase(Softmax)
outcome = JSONTestRunner(stream=written, visibility="visible").run(suite)
results = json.loads(written.getvalue())
for test in results["tests"]:
    print(test["name"].split()[0], test["score"], "of", test["max_score"], test["status"])
print("total", results["score"], "| unittest itself says successful:", outcome.wasSuccessful())
names = [test["name"].split()[0] for test in results["tests"]]
assert names == ["test_all_subtests_pass", "test_rows_sum_to_one"], names
assert not outcome.wasSuccessful()
PYTHON
# Seen:
#   test_all_subtests_pass 4 of 4 passed
#   test_rows_sum_to_one 4 of 4 passed
#   total 8 | unittest itself says successful: False
