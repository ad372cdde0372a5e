"""What a terminal sends, and which keys that is: whole, byte by byte, and with a tail."""

import pytest

from asyncweb.dashboard.key_names import KeyNames

SENT = {
    b"q": ["q"],
    b" +-": [" ", "+", "-"],
    b"\t\r\n": ["tab", "enter", "enter"],
    b"\x7f\x08": ["backspace", "backspace"],
    b"\x03": ["q"],
    "ü€".encode(): ["ü", "€"],
    b"\x1b[A\x1b[1;5C\x1b[3~\x1bOP": [],
    b"\x1bx": [],
    b"\xff": [],
}


@pytest.mark.parametrize(("data", "keys"), SENT.items())
def test_bytes_are_keys_whole_and_with_a_tail(data, keys):
    assert list(KeyNames().receive(data)) == keys
    assert list(KeyNames().receive(data + b"s")) == [*keys, "s"]


def test_a_sign_that_is_cut_between_two_reads_is_one_key():
    names = KeyNames()
    euro = "€".encode()
    assert [list(names.receive(euro[at : at + 1])) for at in range(3)] == [[], [], ["€"]]


@pytest.mark.parametrize("sequence", [b"\x1b[1;5C", b"\x1bOP"])
def test_a_sequence_that_is_cut_is_dropped_whole(sequence):
    for at in range(2, len(sequence)):
        names = KeyNames()
        assert list(names.receive(sequence[:at])) == []
        assert list(names.receive(sequence[at:] + b"s")) == ["s"]


def test_escape_alone_is_a_key():
    assert list(KeyNames().receive(b"\x1b")) == ["escape"]
    assert list(KeyNames().receive(b"s\x1b")) == ["s", "escape"]
