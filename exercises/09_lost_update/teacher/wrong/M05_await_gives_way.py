"""Trusts that await gives way."""


async def handle_all(jobs, handle):
    """Awaits `handle(job)` for each of the `jobs`, in order; between two of them others may run.

    That holds also for a `handle` that has nothing to wait for.
    """
    for job in jobs:
        await handle(job)
