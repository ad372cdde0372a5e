"""What a proxy says it sent, held against what our server says it saw.

Rule: the two must agree on every message. A request that we saw has one id, given by the proxy,
and comes once; one that was sent and not seen was refused by us, or broken off by the proxy.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.outside.corpus.case import Case
from tests.outside.fronts import Front
from tests.outside.raw import statuses, talk, whole
from tests.outside.witness import Seen

_ECHO = re.compile(rb"<[^<>\r\n]*?/([0-9a-f]{8})\b[^<>\r\n]*>")
# Not seen, and nobody is wrong: refused, or the client never sent the rest. Any other status
# means that one side waited for a message the other took to be over.
REFUSED = re.compile(r"4\d\d|501|505|-|-1|")
# A proxy that writes the chunks anew sends on what has come, and we wait with it for gigabytes
# that the client never sends: its patience ends first, and it says so.
UNFINISHED = re.compile(r"chunks: size.*: (80000000|100000005)")


@dataclass(frozen=True)
class Delivery:
    """What became of one case: its mark, the answers, and the answer to the request after it."""

    case: Case
    mark: str
    said: bytes
    after: bytes

    def complaints(self) -> Iterator[str]:
        """Answers that reached somebody else than who had asked."""
        strangers = {echo.decode() for echo in _ECHO.findall(self.said)} - {self.mark}
        if strangers:
            yield f"{self.case.name}: was told the answer of {strangers}"
        plain = f"</after/{self.mark}>".encode()
        if statuses(self.after) != [200] or not self.after.endswith(plain):
            yield f"{self.case.name}: the plain request after it was told {self.after!r}"


Cut = Callable[[bytes], list[bytes]]


def deliver(front: Front, cases: list[Case], cut: Cut = whole) -> list[Delivery]:
    """Sends every case, cut so, each followed by a plain request in the same lane."""
    numbered, lanes = list(enumerate(cases)), len(front.lanes)

    def in_lane(lane: int) -> list[Delivery]:
        port, share = front.lanes[lane], numbered[lane::lanes]
        return [_deliver_one(port, f"{number:08x}", case, cut) for number, case in share]

    with ThreadPoolExecutor(lanes) as threads:
        return [delivery for done in threads.map(in_lane, range(lanes)) for delivery in done]


def _deliver_one(port: int, mark: str, case: Case, cut: Cut) -> Delivery:
    _, said = talk(port, cut(case.marked(mark.encode())))
    plain = f"GET /after/{mark} HTTP/1.1\r\nHost: judge\r\nConnection: close\r\n\r\n"
    _, after = talk(port, [plain.encode()])
    return Delivery(case, mark, said, after)


def disagreements(
    sent: dict[str, tuple[str, str]], seen: list[Seen], cases: list[Case]
) -> list[str]:
    """Every message on which the proxy and our server do not agree."""
    found = []
    times = Counter(request.ids for request in seen)
    for request in seen:
        what = f"{case_of(request.target, cases)}: {request}"
        if len(request.ids) != 1:
            found.append(f"{len(request.ids)} ids on {what}")
        elif request.ids[0] not in sent:
            found.append(f"never sent by the proxy: {what}")
        elif times[request.ids] > 1:
            found.append(f"seen {times[request.ids]} times: {what}")
    arrived = {name for request in seen for name in request.ids}
    for name, (status, what) in sent.items():
        if name not in arrived and not REFUSED.fullmatch(status):
            where = case_of(what, cases)
            if status == "504" and UNFINISHED.fullmatch(where):
                continue
            found.append(f"{where}: sent, never seen, and answered {status!r}: {what}")
    return found


def case_of(target: str, cases: list[Case]) -> str:
    """The name of the case that a request belongs to, by the mark in its target."""
    marks = re.findall(r"(?:case|hidden|after)/([0-9a-f]{8})", target)
    number = int(marks[0], 16) if marks else len(cases)
    return cases[number].name if number < len(cases) else "?"
