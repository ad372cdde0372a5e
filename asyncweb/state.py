"""What one request, or one app, keeps: by name, or by type.

Rule: every request has its own; nothing in it is seen by another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

T = TypeVar("T")


class State:
    """A bag of attributes, and of one value for each type: `ctx.state[User] = user`.

    By type, a type checker and an editor know what comes out, and what is no `User` is refused
    with TypeError when it is put in. Raises KeyError for a type of which there is no value.

    >>> state = State()
    >>> state.began, state[int] = 1.5, 7
    >>> state.began, state[int], bytes in state, state.get(bytes, b"none")
    (1.5, 7, False, b'none')
    """

    def __init__(self) -> None:
        self._typed: dict[type, Any] = {}

    if TYPE_CHECKING:  # attributes are what a program makes of them

        def __getattr__(self, name: str) -> Any: ...
        def __setattr__(self, name: str, value: Any) -> None: ...

    def __setitem__(self, kind: type[T], value: T) -> None:
        _check_type(kind)
        if not isinstance(value, kind):
            raise TypeError(
                f"state[{kind.__name__}] = {value!r}: expected {kind.__name__}, "
                f"got {type(value).__name__}"
            )
        self._typed[kind] = value

    def __getitem__(self, kind: type[T]) -> T:
        _check_type(kind)
        if kind not in self._typed:
            there = ", ".join(known.__name__ for known in self._typed) or "nothing"
            raise KeyError(f"state has no {kind.__name__}; by type there is {there}")
        return cast(T, self._typed[kind])

    def __delitem__(self, kind: type[T]) -> None:
        _ = self[kind]  # the KeyError that says what there is
        del self._typed[kind]

    def __contains__(self, kind: object) -> bool:
        return kind in self._typed

    def get(self, kind: type[T], default: T | None = None) -> T | None:
        """The value of `kind`; `default` when there is none."""
        return cast("T | None", self._typed.get(kind, default))

    def __repr__(self) -> str:
        named = [f"{name}={value!r}" for name, value in vars(self).items() if name != "_typed"]
        typed = [f"[{kind.__name__}]={value!r}" for kind, value in self._typed.items()]
        return f"State({', '.join(named + typed)})"


def _check_type(kind: object) -> None:
    if isinstance(kind, str):
        raise TypeError(f"state[{kind!r}]: in brackets stands a type; by name write state.{kind}")
