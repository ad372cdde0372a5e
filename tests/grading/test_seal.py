"""Only what the grader has sealed is read, and once."""

import os

from asyncweb.grading.seal import KEY_BYTES, Seal, SealedPipe

KEY = bytes(range(KEY_BYTES))


def read_all(data, key=KEY):
    reader = Seal(key)
    lines = [line for line in data.split(b"\n") if line.strip()]
    return [values for line in lines if (values := reader.read(line)) is not None]


def test_a_line_is_read_whatever_was_printed_before_it():
    writer = Seal(KEY)
    told = b"no newline at the end" + writer.line({"a": 1}) + b"\xff\x00" + writer.line({"a": 2})
    assert read_all(told) == [{"a": 1}, {"a": 2}]


def test_a_line_with_another_key_or_a_changed_text_is_none():
    line = Seal(KEY).line({"outcome": "failed"})
    assert read_all(line, key=bytes(KEY_BYTES)) == []
    assert read_all(line.replace(b"failed", b"passed")) == []


def test_a_line_counts_once():
    line = Seal(KEY).line({"a": 1})
    assert read_all(line + line) == [{"a": 1}]


def test_the_key_is_in_no_attribute_of_what_signs():
    seal = Seal(KEY)
    found = (
        [seal, seal._signing, *vars(seal).values(), *vars(seal._signing).values()]
        if hasattr(seal._signing, "__dict__")
        else [seal, *vars(seal).values()]
    )
    assert not any(KEY in bytes(each) for each in found if isinstance(each, bytes | bytearray))


def test_a_pipe_tells_only_from_the_process_that_opened_it(monkeypatch):
    reading, writing = os.pipe()
    pipe = SealedPipe(writing, KEY)
    pipe.tell(a=1)
    monkeypatch.setattr(os, "getpid", lambda: -1)
    pipe.tell(a=2)
    os.close(writing)
    with open(reading, "rb") as stream:
        assert read_all(stream.read()) == [{"a": 1}]
