"""Begins it in a thread, and does not wait for what it gives."""

import threading


def run_anywhere(main):
    """What the coroutine `main()` returns when it has run to its end; raises what it raises.

    Works in a script, and also where a loop is running already, as in a cell of a notebook.
    """
    threading.Thread(target=lambda: asyncio.run(main())).start()
