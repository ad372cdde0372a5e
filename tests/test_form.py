"""Forms: what fields and files they have, and what of them is refused."""

import gc
import pickle

import pytest

from asyncweb import form as forms
from asyncweb.context import Context
from asyncweb.coroutine import run_to_end
from asyncweb.errors import BadRequest, HTTPError, MissingField
from asyncweb.http.messages import Request

MULTIPART = "multipart/form-data; boundary=B"


class FakeEngine:
    async def offload(self, function, *args):
        return function(*args)


def part(disposition, content, kind=""):
    head = f"--B\r\nContent-Disposition: form-data; {disposition}\r\n"
    head += f"Content-Type: {kind}\r\n" if kind else ""
    return head.encode() + b"\r\n" + content + b"\r\n"


def multipart(*parts):
    return b"".join(parts) + b"--B--\r\n"


def read(body, kind=MULTIPART):
    ctx = Context(Request("POST", "/", [(b"content-type", kind.encode())], body), FakeEngine())
    return run_to_end(ctx.form(), "")


def refused(body, kind=MULTIPART):
    with pytest.raises(HTTPError) as caught:
        read(body, kind)
    return caught.value.status, str(caught.value)


def test_an_urlencoded_form_has_its_fields_in_order():
    form = read(b"a=1&b=%C3%A9+x&a=2&empty=", forms.URLENCODED + "; charset=utf-8")
    assert dict(form) == {"a": "2", "b": "é x", "empty": ""}
    assert (form.get_all("a"), form.get_all("none"), len(form)) == (["1", "2"], [], 3)
    assert form.files == {}


def test_a_multipart_form_has_fields_and_files():
    form = read(
        multipart(
            part('name="title"', "é".encode()),
            part('name="photo"; filename="a.png"', b"\x00\r\n--\xff", "image/png"),
            part('name="photo"; filename="b.png"', b""),
        )
    )
    assert dict(form) == {"title": "é"}
    first, second = form.all_files("photo")
    assert (first.filename, first.content_type, first.size) == ("a.png", "image/png", 6)
    assert first.read() == first.read() == b"\x00\r\n--\xff"
    assert (second.filename, second.content_type, second.size) == (
        "b.png", "application/octet-stream", 0,
    )  # fmt: skip
    assert form.files["photo"] is second
    assert "photo='b.png', 0 bytes" in repr(form)


@pytest.mark.parametrize("filename", ["../../etc/x.txt", r"C:\\temp\\x.txt", "/x.txt"])
def test_a_file_name_is_no_way_to_somewhere(filename):
    form = read(multipart(part(f'name="f"; filename="{filename}"', b"")))
    assert form.files["f"].filename == "x.txt"


def test_a_file_can_be_saved(tmp_path):
    form = read(multipart(part('name="f"; filename="x"', b"content")))
    form.files["f"].save(tmp_path / "saved")
    assert (tmp_path / "saved").read_bytes() == b"content"


def test_a_large_file_is_on_the_disk_and_closes_with_its_form(monkeypatch):
    monkeypatch.setattr(forms, "SPOOL_BYTES", 4)
    form = read(multipart(part('name="f"; filename="x"', b"larger than that")))
    file = form.files["f"].file
    assert form.files["f"].read() == b"larger than that"
    assert isinstance(file.fileno(), int)
    del form
    gc.collect()
    assert file.closed


def test_a_form_is_read_once():
    ctx = Context(Request("POST", "/", [(b"content-type", b"text/plain")], b""), FakeEngine())
    ctx._form = form = forms.Form()
    assert run_to_end(ctx.form(), "") is form


@pytest.mark.parametrize(
    ("status", "body", "kind", "says"),
    [
        (415, b"{}", "application/json", "not application/json"),
        (415, b"", "", "not untyped"),
        (400, b"", "multipart/form-data", "names no boundary"),
        (400, b"a=%ff", forms.URLENCODED, "field 1 of the form is not UTF-8"),
        (400, b"a=b&&c=\xff", forms.URLENCODED, "field 2 of the form is not UTF-8"),
        (400, b"garbage that is no form", MULTIPART, ", before the first part"),
        (400, part('name="a"', b"b"), MULTIPART, ", in part 1"),
        (400, multipart(part('name="a"', b"\xff")), MULTIPART, "field 'a' is not UTF-8"),
        (413, b"&".join([b"a=b"] * 1001), forms.URLENCODED, "at most 1000 fields"),
        (413, multipart(*[part('name="a"', b"")] * 1001), MULTIPART, "too large"),
    ],
)
def test_what_is_no_form_is_refused(status, body, kind, says):
    found, message = refused(body, kind)
    assert found == status
    assert says in message


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"a=" + b"x" * 20, forms.URLENCODED),
        (multipart(part('name="a"', b"x" * 8), part('name="b"', b"x" * 8)), MULTIPART),
    ],
)
def test_the_text_of_a_form_has_a_limit(body, kind, monkeypatch):
    monkeypatch.setattr(forms, "TEXT_BYTES", 15)
    assert refused(body, kind) == (413, "a form's text is larger than 15 bytes")


def test_a_field_or_a_file_that_was_not_sent_is_a_bad_request_and_a_key_error():
    form = read(b"a=1", forms.URLENCODED)
    for mapping, what in ((form, "field"), (form.files, "file")):
        with pytest.raises(KeyError) as caught:
            mapping["photo"]
        assert isinstance(caught.value, BadRequest)
        assert str(caught.value) == f"the form has no {what} 'photo'"
        assert mapping.get("photo") is None
        assert "photo" not in mapping


def test_a_missing_field_travels_between_processes():
    error = pickle.loads(pickle.dumps(MissingField("no a")))
    assert (type(error), error.status, str(error)) == (MissingField, 400, "no a")
