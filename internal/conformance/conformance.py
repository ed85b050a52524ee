"""Runs all conformance tests, first against a kernel that must fail them.

Prints one line for each test, the reason of each skip, what was measured,
and at the end "N passed, N failed". The exit status is 1 unless everything
passed and every gate has been seen failing.
"""

import argparse
import json
import os
import sys
import time
import unittest

import settings


class Result(unittest.TestResult):
    """One line per test; a subtest counts with its test."""

    def __init__(self):
        super().__init__()
        self.passed, self.failed, self.skips = [], {}, {}

    @staticmethod
    def name(test):
        test = getattr(test, "test_case", test)
        if not hasattr(test, "_testMethodName"):  # an error in setUpClass
            return str(test)
        return f"{type(test).__name__}.{test._testMethodName.removeprefix('test_')}"

    def startTest(self, test):
        super().startTest(test)
        self.began = time.monotonic()

    def line(self, word, test, rest=""):
        took = time.monotonic() - getattr(self, "began", time.monotonic())
        print(f"{word:5} {self.name(test):44} {took:6.2f} s  {rest}".rstrip(), flush=True)

    def addSuccess(self, test):
        if self.name(test) not in self.failed and self.name(test) not in self.skips:
            self.passed.append(self.name(test))
            self.line("ok", test)

    def addFailure(self, test, err):
        first = self.name(test) not in self.failed
        text = self._exc_info_to_string(err, test)
        self.failed.setdefault(self.name(test), []).append(text)
        if first:
            self.line("FAIL", test, text.strip().splitlines()[-1][:200])

    addError = addFailure

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.addFailure(test, err)

    def addSkip(self, test, reason):
        self.skips[self.name(test)] = reason
        self.line("skip", test, reason)


def run(modules, patterns=()):
    suite = unittest.TestSuite()
    loader = unittest.TestLoader()
    for module in modules:
        for test in flatten(loader.loadTestsFromModule(module)):
            if not patterns or any(p in Result.name(test) for p in patterns):
                suite.addTest(test)
    result = Result()
    suite.run(result)
    return result


def flatten(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from flatten(test)
        else:
            yield test


def check_gates(faulty):
    """Runs the tests that the faulty kernel must fail; returns what it passed."""
    import cells
    import protocol
    import suite

    settings.kernel, settings.patience = "faulty", 5
    directory = os.path.join(os.environ["JUPYTER_DATA_DIR"], "kernels", "faulty")
    os.makedirs(directory, exist_ok=True)
    with open(os.path.join(directory, "kernel.json"), "w") as f:
        json.dump({"argv": [faulty, "{connection_file}"], "display_name": "faulty", "language": "go",
                   "interrupt_mode": "message"}, f)
    modules = [suite, protocol, cells]
    expected = {name for module in modules for name in module.must_fail}
    result = run(modules, expected)
    blind = expected - set(result.failed)
    print(f"the faulty kernel failed {len(expected) - len(blind)} of {len(expected)} tests that it must fail")
    return sorted(blind)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", required=True)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--faulty", required=True)
    parser.add_argument("patterns", nargs="*")
    args = parser.parse_args()
    settings.root, settings.binary = args.root, args.binary

    import cells
    import installed
    import notebooks
    import protocol
    import suite

    blind = [] if args.patterns else check_gates(args.faulty)
    settings.kernel, settings.patience = "nskernel", 60
    result = run([installed, suite, protocol, cells, notebooks], args.patterns)
    for name, texts in result.failed.items():
        for text in texts:
            print(f"\n--- {name}\n{text}")
    for name in blind:
        print(f"gate {name} cannot fail: the faulty kernel passes it")
    for name, reason in result.skips.items():
        print(f"skipped {name}: {reason}")
    for line in settings.measured:
        print("measured:", line)
    print(f"{len(result.passed)} passed, {len(result.failed) + len(blind)} failed")
    sys.exit(0 if result.passed and not result.failed and not blind else 1)


if __name__ == "__main__":
    main()
