import asyncio

from asyncweb.grading import believes, same, task


@task("1.1")
def test_two_numbers_are_added(work):
    same(work.add(2, 3), 5)


@task("1.2", label="M02")
def test_all_callers_meet(work, run):
    came = []

    async def caller(number):
        came.append(number)
        if len(came) == 3:
            together.set()
        await together.wait()
        return number

    together = asyncio.Event()
    with believes("M02", callers=3, came=len(came)):
        same(
            run(work.meet([lambda number=number: caller(number) for number in range(3)])), [0, 1, 2]
        )
