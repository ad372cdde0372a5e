"""What the page about the instruments shows is true: every block runs, and prints what it shows."""

import re
from pathlib import Path

import pytest

import asyncweb.instruments as instruments

PAGE = (Path(__file__).parents[2] / "exercises" / "INSTRUMENTS.md").read_text()
BLOCKS = re.findall(r"^```python\n(.*?)^```\n(?:\n```\n(.*?)^```\n)?", PAGE, re.M | re.S)
HEADS = re.findall(r"^## (.*)$", PAGE, re.M)
LONGEST = 22  # lines


@pytest.mark.parametrize(("code", "prints"), BLOCKS)
def test_a_block_of_the_page_runs_and_prints_what_it_shows(code, prints, tmp_path, capsys):
    file = tmp_path / "block.py"  # so that lines can be told
    file.write_text(code)
    exec(compile(code, str(file), "exec"), {"__name__": "block"})
    assert capsys.readouterr().out == prints


def test_every_instrument_is_on_the_page():
    assert not [name for name in instruments.__all__ if name not in PAGE]


def test_every_link_leads_to_a_head_of_the_page():
    anchors = {re.sub(r"[^a-z0-9 -]", "", head.lower()).replace(" ", "-") for head in HEADS}
    assert set(re.findall(r"\(#([a-z0-9-]+)\)", PAGE)) == anchors


def test_what_the_page_says_is_caught_is_what_is_tested():
    tests = (Path(__file__).parent / "test_misconceptions.py").read_text()
    labels = re.findall(r"^def test_(m\d\d)_", tests, re.M)
    assert sorted(set(re.findall(r"\bM\d\d\b", PAGE))) == [label.upper() for label in labels]


def test_a_block_is_short():
    lines = [len(re.findall(r"^.+$", code, re.M)) for code, _ in BLOCKS]
    assert 0 < max(lines) <= LONGEST
