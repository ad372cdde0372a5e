"""A recording, line by line: frames in, what changed in them out; and back.

Each line is a JSON object. The first one says what the file is, and of which servers:

    {"asyncweb recording": 1, "title": "GET /", "servers": {"async": "async", "threads": "threads"}}

Each further one is a moment: `s`, seconds since the first one, and what changed since the line
before, as `changes` writes it; of a server the moments that were added, each by what differs from
the moment before it. As many of the oldest are gone, unless it says how many:

    {"s": 0.25, "tracks": {"async": {"add": [{"at_s": 0.26, "requests": 512}], "gone": 0}}}

`servers` in a later line means that they are told anew. The last line says that all went well, and
what was found, in words and as the values that `--json` writes:

    {"s": 30.1, "end": {"said": "With 1,000 connections ...", "found": {...}}}

Rule: this module knows no file and no clock. A file that was made by an older version is read;
what a newer one has added to a moment is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from asyncweb.dashboard.changes import change, changed
from asyncweb.metrics.snapshot import Frame, Snapshot, Track

MAGIC, VERSION = "asyncweb recording", 1
NOTHING = Frame("", ())


@dataclass(frozen=True, slots=True)
class Ending:
    """How a recorded run ended."""

    said: str = ""  # what was found, as text
    found: Any = None  # and as plain values


class Tape:
    """The frame of the line that was written, or read, last."""

    def __init__(self) -> None:
        self.frame = NOTHING  # as it is read
        self._given = NOTHING  # as it was given, with all digits

    def head(self, frame: Frame) -> dict[str, Any]:
        """The first line of a recording that begins with `frame`."""
        told = {MAGIC: VERSION, "title": frame.title, "servers": _servers(frame)}
        self.play(told)
        return told

    def record(self, frame: Frame) -> dict[str, Any]:
        """What changed in `frame`; after that, `self.frame` is what will be read of it."""
        told: dict[str, Any] = {}
        if _servers(frame) != _servers(self.frame):
            told["servers"] = _servers(frame)
            self.play(told)
            self._given = NOTHING
        told |= change(replace(self.frame, tracks=()), replace(frame, tracks=()))
        given = {track.name: track.snapshots for track in self._given.tracks}
        known = {track.name: track for track in self.frame.tracks}
        tracks = {
            track.name: _track_change(known[track.name], given.get(track.name, ()), track)
            for track in frame.tracks
        }
        if tracks := {name: told_of for name, told_of in tracks.items() if told_of}:
            told["tracks"] = tracks
        self.play(told)
        self._given = frame
        return told

    def play(self, told: dict[str, Any]) -> Frame:
        """The frame after the line `told`. Raises TypeError or ValueError where it makes none."""
        tracks = self.frame.tracks
        if "servers" in told:
            engines = changed(Mapping[str, str], {}, told["servers"])
            tracks = tuple(Track(name, engine) for name, engine in engines.items())
        told_of = told.get("tracks", {})
        if unknown := told_of.keys() - {track.name for track in tracks}:
            raise ValueError(f"unknown servers {sorted(unknown)}")
        tracks = tuple(
            _track_changed(track, told_of[track.name]) if track.name in told_of else track
            for track in tracks
        )
        rest = {name: value for name, value in told.items() if name != "tracks"}
        self.frame = replace(changed(Frame, self.frame, rest), tracks=tracks)
        return self.frame


def _servers(frame: Frame) -> dict[str, str]:
    return {track.name: track.engine for track in frame.tracks}


def _track_change(known: Track, given: tuple[Snapshot, ...], now: Track) -> dict[str, Any]:
    told: dict[str, Any] = change(replace(known, snapshots=()), replace(now, snapshots=()))
    gone = _gone(given, now.snapshots)
    added = now.snapshots[len(given) - gone :]
    if gone != len(added):
        told["gone"] = gone
    if not added:
        return told
    told["add"] = []
    before = known.snapshots[-1] if known.snapshots else None
    for moment in added:
        told["add"].append(change(before, moment))
        before = changed(Snapshot, before, told["add"][-1])
    return told


def _track_changed(track: Track, told: dict[str, Any]) -> Track:
    rest = {name: value for name, value in told.items() if name != "snapshots"}
    moments = list(track.snapshots)
    before = moments[-1] if moments else None
    added = told.get("add", [])
    for more in added:
        before = changed(Snapshot, before, more)
        moments.append(before)
    moments = moments[changed(int, None, told.get("gone", len(added))) :]
    now: Track = changed(Track, track, rest)
    return replace(now, snapshots=tuple(moments))


def _gone(given: tuple[Snapshot, ...], now: tuple[Snapshot, ...]) -> int:
    """How many of the oldest moments of `given` are not in `now`, which goes on after the rest."""
    if not given or not now:
        return len(given)
    for gone, moment in enumerate(given):
        if moment is now[0]:
            left = given[gone:]
            same = len(left) <= len(now) and all(map(_is, left, now))
            return gone if same else len(given)
    return len(given)


def _is(one: object, other: object) -> bool:
    return one is other
