"""The table of final figures: a row per server, and no column that nobody measured."""

import io

from rich.console import Console

from asyncweb.dashboard.table import Row, results_table

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
