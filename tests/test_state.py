"""The bag of a request or an app: by name, and by type."""

import pickle

import pytest

from asyncweb.state import State


class User:
    pass


def test_a_value_is_kept_for_its_type():
    state, user = State(), User()
    state[User] = user
    assert state[User] is user
    assert (User in state, str in state) == (True, False)
    assert (state.get(User), state.get(str), state.get(str, "none")) == (user, None, "none")
    del state[User]
    assert User not in state


def test_what_is_of_another_type_is_refused():
    with pytest.raises(TypeError, match=r"state\[User\] = 7: expected User, got int"):
        State()[User] = 7


def test_a_name_in_brackets_is_told_how_it_is_written():
    with pytest.raises(TypeError, match=r"state\['user'\]: .* by name write state\.user"):
        State()["user"] = 1
    with pytest.raises(TypeError, match=r"by name write state\.user"):
        _ = State()["user"]


def test_a_type_that_is_missing_is_named_with_those_there_are():
    state = State()
    with pytest.raises(KeyError, match="state has no User; by type there is nothing"):
        _ = state[User]
    state[int] = 7
    with pytest.raises(KeyError, match="by type there is int"):
        del state[User]


def test_a_state_shows_what_it_holds_and_travels_to_another_process():
    state = State()
    state.name, state[int] = "ann", 7
    assert repr(pickle.loads(pickle.dumps(state))) == "State(name='ann', [int]=7)"
    assert not hasattr(state, "other")
