"""The table of final figures: a row per server, and no column that nobody measured."""

import io

import pytest
from rich.console import Console

from asyncweb.dashboard.table import ResultsTable, Row, results_table

FULL = Row(
    "async", 12345.0, {"p50": 0.0123, "p99": 0.0456, "max": 0.789}, {"timeout": 3},
    rss_bytes=33 * 1024 * 1024, bytes_per_connection=2765.0, threads_peak=4, connections=1000,
)  # fmt: skip
POOR = Row("threads", None, {})


def headings(*rows):
    return [str(column.header) for column in results_table(rows).columns]


def cells(*rows):
    """The rows of the table, by the name in their first cell."""
    columns = [list(column.cells) for column in results_table(rows).columns]
    return {row[0]: list(row[1:]) for row in zip(*columns, strict=True)}


def test_a_full_row_has_all_columns():
    assert headings(FULL) == [
        "server", "conn.", "req/s", "p50", "p99", "max", "RSS", "per conn", "threads", "errors",
    ]  # fmt: skip


def test_each_figure_is_written_with_its_unit():
    assert cells(FULL)["async"] == [
        "1,000", "12.3k", "12.3 ms", "45.6 ms", "789 ms", "33.0 MiB", "2.70 KiB", "4", "timeout 3",
    ]  # fmt: skip


def test_columns_that_nobody_measured_are_left_out():
    assert headings(POOR) == ["server"]
    assert headings(POOR, Row("other", 5.0, {"p99": 0.1})) == ["server", "req/s", "p99"]


def test_what_only_another_server_has_is_a_dash():
    assert cells(FULL, POOR)["threads"] == ["\N{EN DASH}"] * 9


def test_a_measured_zero_is_not_left_out():
    rows = cells(Row("idle", 0.0, {"p50": 0.0}, threads_peak=0))
    assert rows == {"idle": ["0.00", "0 ms", "0"]}


def test_rows_keep_their_order_and_there_may_be_none():
    assert list(cells(POOR, FULL)) == ["threads", "async"]
    assert headings() == []


def test_figures_stand_at_the_right_and_names_at_the_left():
    assert [column.justify for column in results_table([FULL]).columns] == [
        "left", *["right"] * 9,
    ]  # fmt: skip


def test_the_title_stands_above_the_table_when_there_is_one():
    console = Console(file=io.StringIO(), width=120)
    console.print(results_table([FULL], title="GET /users"))
    lines = console.file.getvalue().splitlines()
    assert lines[0].strip() == "GET /users"
    assert results_table([FULL]).title is None


URL = "http://127.0.0.1:8000/users/1"
MANY = {"connect": 71826, "timeout": 640, "reset": 128}
FILLED = [
    Row("async", 12345.0, FULL.latency_s, {}, 2**25, 2765.0, 4, 1000),
    Row("threads", 1234.0, FULL.latency_s, MANY, 2**26, 36000.0, 1002, 1000),
]


def drawn(rows, width):
    """The lines of the table of `rows` where there are `width` characters."""
    console = Console(file=io.StringIO(), width=width)
    console.print(ResultsTable(rows))
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize("width", range(24, 130, 3))
def test_in_every_terminal_one_can_tell_who_is_who_and_no_figure_is_cut(width):
    lines = drawn(FILLED, width)
    assert all(len(line) <= width for line in lines)
    assert [line.split()[0] for line in lines if "k" in line] == ["async", "threads"]
    assert "12.3k" in lines[2] and "1.23k" in "".join(lines)
    assert not any("\N{HORIZONTAL ELLIPSIS}" in line for line in lines)


def test_the_least_important_columns_go_first_and_this_is_said():
    *_, last = drawn([FILLED[0]], 52)
    assert last.rstrip() == "no room here for: max, per conn"
    assert drawn([FILLED[0]], 52)[0].split() == [
        "server", "conn.", "req/s", "p50", "p99", "RSS", "threads",
    ]  # fmt: skip
    assert not any("no room" in line for line in drawn([FILLED[0]], 80))


def test_errors_stand_below_each_other_where_they_do_not_fit_beside_each_other():
    assert "connect 71,826, timeout 640, reset 128" in "".join(drawn(FILLED, 120))
    narrow = [line.split("1,002")[-1].strip() for line in drawn(FILLED, 60) if "," in line]
    assert "connect 71,826," in narrow and "timeout 640," in narrow


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_url_is_whole_in_its_column(width):
    rows = [Row(URL + name, 12345.0, FULL.latency_s, {"4xx": 9}, connections=50) for name in "ab"]
    assert [line.split()[0] for line in drawn(rows, width)[2:4]] == [URL + "a", URL + "b"]


def test_a_name_that_takes_more_than_half_is_folded_and_still_whole():
    name = "http://127.0.0.1:8000/" + "x" * 70 + "y"
    lines = drawn([Row(name, 12345.0, FULL.latency_s, {"4xx": 9})], 60)
    place = lines[0].index("req/s")
    told = "".join(line[:place].strip() for line in lines[2:] if "no room" not in line)
    assert told == name
