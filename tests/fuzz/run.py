"""One fuzzing process: libFuzzer, by way of atheris, on one target.

Rule: the core is instrumented, and the models with it: their branches are those of the rules,
which the core keeps in patterns that libFuzzer cannot see into.
"""

import importlib
import sys

from tests.fuzz import TARGETS


def main() -> None:
    import atheris  # not everybody who collects the tests has it

    target = sys.argv.pop(1)
    assert target in TARGETS, target
    with atheris.instrument_imports(include=["asyncweb", "tests.fuzz"]):
        module = importlib.import_module(f"tests.fuzz.{target}")
    sys.argv[0] = f"{sys.executable} -m tests.fuzz.run {target}"  # how -merge starts it again
    atheris.Setup(sys.argv, module.check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
