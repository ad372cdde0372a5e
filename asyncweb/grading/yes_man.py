"""An answer to every exercise that agrees with everything.

Rule: whoever compares with `==` on a student's object learns nothing; this shows it.
"""

from __future__ import annotations

import ast

_YES = '''"""Says yes."""


class Yes:
    def __init__(self, *args, **kwargs): pass
    def __getattr__(self, name): return self
    def __call__(self, *args, **kwargs): return self
    def __getitem__(self, key): return self
    def __setitem__(self, key, value): pass
    def __contains__(self, value): return True
    def __iter__(self): return iter([self, self])
    def __await__(self): return self; yield
    def __enter__(self): return self
    def __exit__(self, *args): return True
    async def __aenter__(self): return self
    async def __aexit__(self, *args): return True
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __len__(self): return 2
    def __hash__(self): return 1
    def __bool__(self): return True
    def __int__(self): return 1
    __index__ = __int__


'''


def yes_man(solution: str) -> str:
    """A module with the public names of `solution`, all of whose answers say yes.

    >>> module = {}
    >>> exec(yes_man("async def f(): ...\\ndef g(): ..."), module)
    >>> module["g"]() == [1, 2, 3], module["g"]() in (None, 7)
    (True, True)
    """
    lines = []
    for node in ast.parse(solution).body:
        if isinstance(node, ast.ClassDef):
            lines.append(f"class {node.name}(Yes): pass")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            kind = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
            lines.append(f"{kind} {node.name}(*args, **kwargs): return Yes()")
    return _YES + "\n".join(lines) + "\n"
