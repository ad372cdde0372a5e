"""Takes the result out of a thread, and loses the error."""

import threading


def run_anywhere(main):
    """What the coroutine `main()` returns when it has run to its end; raises what it raises.

    Works in a script, and also where a loop is running already, as in a cell of a notebook.
    """
    results = []
    thread = threading.Thread(target=lambda: results.append(asyncio.run(main())))
    thread.start()
    thread.join()
    return results[0] if results else None
