"""Cures those who compute by uvloop."""


def cure(blocks, computes):
    """What helps a handler: "none", "async def", "uvloop", "a thread" or "a process".

    `blocks` says whether it holds the loop, and `computes` whether it needs the processor, not only
    the answer of somebody else.
    """
    if not blocks:
        return "none"
    return "uvloop" if computes else "a thread"
