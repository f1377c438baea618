"""The addresses of pictures: who may see them, where they come from, what no address reaches."""

from hashlib import sha256

import pytest

from lms import media
from lms.interchange.media import store
from tests import make

PICTURE = b"\x89PNG\r\n\x1a\n picture"
NAME = sha256(PICTURE).hexdigest() + ".png"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "question_banks").mkdir()
    store(media.folder(), {NAME: PICTURE})
    return tmp_path / "question_banks" / "media"


def test_pictures_lie_among_the_question_banks_of_the_working_folder(folder):
    assert media.folder().resolve() == folder.resolve()


def test_a_picture_is_served_as_what_it_is_and_kept_by_the_browser(folder, sign_in):
    answer = sign_in(make.person()).get(f"/media/{NAME}")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PICTURE, "image/png")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"


def test_a_visitor_is_asked_to_sign_in(folder, client):
    assert client.get(f"/media/{NAME}").status_code == 303


@pytest.mark.parametrize(
    "name",
    [
        "0" * 64 + ".png", NAME.upper(), NAME[:-4], NAME + ".png", NAME[:-3] + "svg", "..%2f" + NAME, "../" + NAME,
        "%2e%2e/en/refunds.md", NAME + "%0a", "..%5c" + NAME, "x",
    ],
)  # fmt: skip
def test_nothing_else_is_found(folder, sign_in, name):
    assert sign_in(make.person()).get(f"/media/{name}").status_code == 404


def test_a_folder_in_a_pictures_place_is_not_found(folder, sign_in):
    (folder / ("1" * 64 + ".png")).mkdir()
    assert sign_in(make.person()).get(f"/media/{'1' * 64}.png").status_code == 404


def test_a_picture_that_waits_elsewhere_is_found_too(folder, sign_in, monkeypatch):
    monkeypatch.setattr(media, "_sources", [])
    asked = []
    media.also_from(lambda name: asked.append(name))
    media.also_from(lambda name: b"waiting" if name[0] == "2" else None)
    client = sign_in(make.person())
    assert client.get(f"/media/{'2' * 64}.jpg").data == b"waiting"
    assert client.get(f"/media/{'3' * 64}.jpg").status_code == 404
    client.get("/media/x.jpg")
    assert asked == ["2" * 64 + ".jpg", "3" * 64 + ".jpg"]
