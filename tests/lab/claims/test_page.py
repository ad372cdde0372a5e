"""The trial on one page, and in a file: whole, safe, and for everybody who reads it."""

import json
import xml.etree.ElementTree as xml
from html.parser import HTMLParser

import pytest
from rich.console import Console

from asyncweb.lab.claims import names, table
from asyncweb.lab.claims.dots import Axis
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.page import page
from asyncweb.lab.claims.plots import PLOTS
from asyncweb.lab.claims.report import asked_for
from tests.lab.claims import made_up_report as made_up

VOID = {"meta", "link", "br"}
WHY = "mvn is not installed; apt-get install maven"


class Outline(HTMLParser):
    """What a reader of the page meets, and whether all that opens is closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.heads, self.tags, self.ids = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "h2":
            self.heads.append(data)


@pytest.fixture(scope="module")
def text():
    return page(made_up.report(missing={names.SPRING: WHY}))


@pytest.fixture(scope="module")
def outline(text):
    return Outline(text)


def printed(picture, width=140):
    console = Console(width=width)
    with console.capture() as captured:
        console.print(picture)
    return captured.get()


def test_all_that_opens_is_closed_and_no_name_is_given_twice(outline):
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))


def test_what_was_written_before_stands_first_and_the_doubts_last(outline):
    assert outline.heads[0] == "Written down before the run"
    assert outline.heads[1] == "Verdicts"
    assert outline.heads[-1] == "How this could mislead you"


def test_every_link_leads_somewhere_on_the_page(outline):
    targets = {attrs["href"] for tag, attrs in outline.tags if tag == "a"}
    assert targets and targets <= {f"#{name}" for name in outline.ids}


def test_it_fetches_nothing_and_runs_nothing(text, outline):
    assert not {tag for tag, _ in outline.tags} & {"script", "img", "iframe", "object"}
    assert "http" not in text.replace("http-equiv", "") and "@import" not in text


def test_what_comes_from_elsewhere_is_no_markup(text):
    assert "<three>" not in text and "&lt;three&gt;" in text


def test_each_claim_has_all_of_its_texts(text):
    for claim in made_up.CLAIMS:
        assert f'<article id="{claim.id}"' in text
    assert text.count("would change it") == len(made_up.CLAIMS)


def test_a_picture_is_said_in_words_and_stands_there_as_a_table(text, outline):
    pictures = [attrs for tag, attrs in outline.tags if tag == "svg" and attrs.get("role") == "img"]
    assert len(pictures) == len(PLOTS)
    for picture in pictures:
        assert "Tokio (hyper)" in picture["aria-label"]
    assert text.count("the same as a table") == len(PLOTS)


def test_every_picture_is_a_picture(text):
    for piece in text.split("<svg ")[1:]:
        xml.fromstring("<svg " + piece.partition("</svg>")[0] + "</svg>")


def test_a_system_that_is_missing_is_a_row_that_says_how_to_have_it(text):
    assert f"not here: {WHY}" in text and "not measured</text>" in text


def test_a_page_of_nothing_can_be_read():
    nothing = Outline(page(made_up.report(Figures())))
    assert nothing.open == []
    assert "svg" not in {tag for tag, _ in nothing.tags}


def test_an_axis_has_a_few_round_numbers_however_long_it_is():
    for least, most in ((0.003, 9_000_000), (9, 11), (1, 1_000)):
        assert 1 <= len(Axis(least, most).ticks()) <= 10


def test_the_file_holds_all_that_was_said_and_reads_back():
    kept = json.loads(json.dumps(made_up.report().to_dict(), allow_nan=False))
    assert {"machine", "protocol", "systems", "figures", "verdicts", "misleading"} <= set(kept)
    assert Figures.of(kept["figures"]) == made_up.figures()
    assert kept["verdicts"][0]["rule"] == made_up.CLAIMS[0].rule


def test_a_terminal_is_told_verdicts_costs_ratios_and_doubts():
    told = printed(table.results(made_up.report(missing={names.SPRING: WHY})))
    for part in ("where Rust wins", "how this could mislead you", "C12", "times the cost", WHY):
        assert part in told


def test_a_terminal_is_told_of_nothing_but_verdicts_when_nothing_was_measured():
    told = printed(table.results(made_up.report(Figures())))
    assert "C12" in told and "times the cost" not in told


def test_a_claim_is_named_in_either_case_and_an_unknown_one_is_told_with_those_there_are():
    assert [claim.id for claim in asked_for(made_up.CLAIMS, ["c7", "C1"])] == ["C1", "C7"]
    assert len(asked_for(made_up.CLAIMS, [])) == 12
    with pytest.raises(ValueError, match="no claim 'C13'; there are C1, C2"):
        asked_for(made_up.CLAIMS, ["C13"])
