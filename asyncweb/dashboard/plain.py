"""Frames as plain lines, for a pipe, a log file or a screen reader.

Rule: one short line per server now and then; no colour, no cursor.
"""

from __future__ import annotations

from rich.console import Console

from asyncweb.dashboard.difference import differences
from asyncweb.dashboard.load_lines import phase, suspicions, turns
from asyncweb.dashboard.rows import BY_ADDRESS
from asyncweb.drawing import units
from asyncweb.metrics.snapshot import Frame, Mark, Track
from asyncweb.metrics.turn import Turn

EVERY_S = 2.0  # of the frames' own time


class PlainScreen:
    """Prints lines instead of drawing."""

    def __init__(self, console: Console):
        self._console = console
        self._told_s: dict[str, float] = {}  # the moment each server was last told of
        self._told_marks: set[Mark] = set()
        self._title = ""
        self._turn: tuple[int, str, str] | None = None  # round, target and phase

    def update(self, frame: Frame) -> None:
        """Prints a line for each server that has had none for a while, or enters a new phase."""
        if frame.title != self._title:
            self._title = frame.title
            self._print(frame.title)
        for mark in frame.marks:
            if mark not in self._told_marks:
                self._told_marks.add(mark)
                self._print(f"at {mark.at_s:.1f} s: {mark.label}")
        turn = frame.turn
        if turn is not None and (turn.round, turn.target, turn.phase) != self._turn:
            self._turn = (turn.round, turn.target, turn.phase)
            self._told_s.clear()
        for track in frame.tracks:
            told_s = self._told_s.get(track.name, -EVERY_S)
            if track.now.throughput_rps is None or track.now.at_s < told_s + EVERY_S:
                continue
            if turn is None or track.name == turn.target:
                self._told_s[track.name] = track.now.at_s
                self._print(line(track, turn))

    def close(self) -> None:
        """Nothing to give back."""

    def _print(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


def in_words(frame: Frame) -> str:
    """The latest moment of all servers, for whoever does not see the picture."""
    lines = [" ".join(line(track, frame.turn).split()) for track in frame.tracks]
    return ". ".join([frame.title, *lines, *differences(frame)])


def line(track: Track, turn: Turn | None = None) -> str:
    """The latest moment of a server in one line, and how the load on it stands."""
    now = track.now
    parts = [
        f"{track.name:>8}",
        units.rate(now.throughput_rps),
        *(f"{name} {units.seconds(now.latency_s.get(name))}" for name in ("p50", "p99")),
    ]
    if now.service_s:
        parts.append(f"from send p99 {units.seconds(now.service_s.get('p99'))}")
        parts.append(f"dropped {units.count(now.dropped)}")
    if track.engine != BY_ADDRESS:
        parts += [f"RSS {units.memory(now.rss_bytes)}", f"threads {units.count(now.threads)}"]
    parts.append(f"errors {units.errors(now.errors)}")
    if turn is not None:
        parts.append(f"in flight {units.count(now.in_flight)}/{units.count(now.connections)}")
        parts += [text for text in (turns(turn), *phase(turn)) if text]
        parts += [f"generator {text}" for text, _ in suspicions(turn.generator)][:1]
    return "  ".join(parts)
