"""Tasks that somebody keeps, and tasks that nobody keeps: which of them come to their end.

Rule: the loop itself holds a task only weakly. What a task waits for keeps it, as long as that is
kept itself.
"""

from __future__ import annotations

import asyncio
import gc
import weakref
from concurrent.futures import ThreadPoolExecutor


class Mailbox:
    """Where one letter may be put; its reader waits for it.

    >>> asyncio.run(_one_letter())
    'tea at four'
    """

    def __init__(self) -> None:
        self.letter: asyncio.Future[str] = asyncio.get_running_loop().create_future()


def letters_read(readers: int, *, keep: bool) -> int:
    """How many of so many tasks read the letter that each of them waits for.

    The post office knows mailboxes as long as somebody uses them, and no longer. With `keep` the
    tasks are put into a set, without it they are only started. Between the start and the post the
    garbage collector comes by once.

    >>> letters_read(10, keep=True), letters_read(10, keep=False)
    (10, 0)
    """
    with ThreadPoolExecutor(1) as elsewhere:  # a notebook has a loop of its own already
        return elsewhere.submit(_run, readers, keep).result()


def _run(readers: int, keep: bool) -> int:
    with asyncio.Runner() as runner:
        # The loop tells of each pending task that is destroyed; here that is what is expected.
        runner.get_loop().set_exception_handler(lambda loop, context: None)
        return runner.run(_deliver(readers, keep))


async def _deliver(readers: int, keep: bool) -> int:
    post_office: weakref.WeakValueDictionary[int, Mailbox] = weakref.WeakValueDictionary()
    kept, read = set(), []

    async def reads(number: int) -> None:
        mailbox = post_office[number] = Mailbox()
        read.append(await mailbox.letter)

    for number in range(readers):
        task = asyncio.create_task(reads(number))
        if keep:
            kept.add(task)
    del task
    await asyncio.sleep(0)  # each of them now waits
    gc.collect()
    for mailbox in post_office.values():
        mailbox.letter.set_result("tea at four")
    await asyncio.sleep(0)
    return len(read)


async def _one_letter() -> str:
    mailbox = Mailbox()
    mailbox.letter.set_result("tea at four")
    return await mailbox.letter
