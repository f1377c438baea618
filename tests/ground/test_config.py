"""Settings: read once, every mistake named, the secret key made once."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from lms import config
from lms.config import Settings, SettingsError, read_settings, secret_key, variables


def test_without_any_setting_there_is_a_working_default():
    settings = read_settings({})
    assert settings.database == f"sqlite:///{Path('instance/lms.db').resolve()}"
    assert settings.zone.key == "Asia/Shanghai"
    assert not settings.demo


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"LMS_TIMEZONE": "Asia/Shanghai"}, "LMS_TIMEZONE: no such setting"),
        ({"LMS_TIME_ZONE": "Shanghai"}, "LMS_TIME_ZONE is 'Shanghai'"),
        ({"LMS_TIME_ZONE": "../etc/passwd"}, "LMS_TIME_ZONE"),
        ({"LMS_PROXY_HOPS": "one"}, "LMS_PROXY_HOPS is 'one'; write a whole number"),
        ({"LMS_PROXY_HOPS": "-1"}, "LMS_PROXY_HOPS is negative"),
        ({"LMS_DEMO": "maybe"}, "LMS_DEMO is 'maybe'"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter than 32"),
        ({"LMS_TRUSTED_HOSTS": "https://lms.example"}, "LMS_TRUSTED_HOSTS names 'https://lms.example'"),
        ({"DATABASE_URL": "here"}, "DATABASE_URL is no address"),
        ({"DATABASE_URL": "mysql://u:hidden@host/lms"}, "DATABASE_URL names 'mysql'"),
        ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL names no file"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(environ, named):
    with pytest.raises(SettingsError) as refused:
        read_settings(environ)
    assert named in str(refused.value)
    assert "hidden" not in str(refused.value)


def test_other_programs_variables_are_none_of_ours():
    assert read_settings({"PATH": "/bin", "LMSX": "1"}) == Settings()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_postgresql_address_gets_the_driver_that_is_installed(scheme):
    assert Settings(database_url=f"{scheme}://u:p%40ss@host/lms").database == "postgresql+psycopg://u:p%40ss@host/lms"


def test_the_environment_wins_over_the_file(tmp_path):
    (tmp_path / "settings.toml").write_text('LMS_TIME_ZONE = "UTC"\nLMS_PROXY_HOPS = 1\n')
    settings = read_settings({"LMS_INSTANCE": str(tmp_path), "LMS_PROXY_HOPS": "2"})
    assert (settings.time_zone, settings.proxy_hops, settings.instance) == ("UTC", 2, tmp_path)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("LMS_TIME_ZONE = ", "settings.toml"),
        ('LMS_TIMEZONE = "UTC"', "LMS_TIMEZONE: no such setting"),
        ('LMS_INSTANCE = "/elsewhere"', "LMS_INSTANCE"),
        ('LMS_TRUSTED_HOSTS = ["a.example"]', "LMS_TRUSTED_HOSTS is ['a.example']; write it as text"),
        ("LMS_PROXY_HOPS = true", "LMS_PROXY_HOPS"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path, text, named):
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(SettingsError) as refused:
        read_settings({"LMS_INSTANCE": str(tmp_path)})
    assert named in str(refused.value)


def test_an_empty_instance_folder_setting_means_the_default():
    assert read_settings({"LMS_INSTANCE": ""}).instance == Path("instance")


def test_every_setting_has_a_meaning():
    assert all(about.endswith(".") for _, about, _ in variables())
    assert len({name for name, _, _ in variables()}) == len(variables())


def test_a_mistake_is_one_line_on_the_command_line():
    run = subprocess.run(
        [sys.executable, "-m", "lms.cli", "init"], env={**os.environ, "LMS_TIME_ZONE": "Nowhere"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1].startswith("lms: LMS_TIME_ZONE is 'Nowhere'")
    assert "Traceback" not in run.stderr


# The secret key


def test_the_key_is_made_once_and_closed_to_others(tmp_path):
    settings = Settings(instance=tmp_path / "new" / "instance")
    key = secret_key(settings)
    assert len(key) >= 32
    assert secret_key(settings) == key
    assert [file.name for file in settings.instance.iterdir()] == ["secret-key"]
    assert stat.S_IMODE((settings.instance / "secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.instance.stat().st_mode) == 0o700


def test_many_who_start_together_all_get_the_same_key(tmp_path):
    start = Barrier(16)

    def begin(_number: int) -> str:
        start.wait(30)
        return secret_key(Settings(instance=tmp_path))

    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(begin, range(16)))) == 1


def test_nobody_reads_a_key_that_is_still_being_written(tmp_path, monkeypatch):
    seen = []
    write = os.fdopen

    def look_while_writing(handle, *args, **kwargs):
        seen.append((tmp_path / config.SECRET_FILE).exists())
        return write(handle, *args, **kwargs)

    monkeypatch.setattr(config.os, "fdopen", look_while_writing)
    secret_key(Settings(instance=tmp_path))
    assert seen == [False]


def test_a_key_another_process_made_first_is_the_one_that_holds(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "exists", lambda path: False)  # looked just before the other one made it
    (tmp_path / config.SECRET_FILE).write_text("o" * 40)
    assert secret_key(Settings(instance=tmp_path)) == "o" * 40
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key"]


@pytest.mark.parametrize("content", [b"", b"short", "鑰匙".encode() * 20])
def test_a_damaged_key_is_refused_by_name(tmp_path, content):
    (tmp_path / config.SECRET_FILE).write_bytes(content)
    with pytest.raises(SettingsError, match="secret-key"):
        secret_key(Settings(instance=tmp_path))


def test_an_instance_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="file"):
        secret_key(Settings(instance=tmp_path / "file" / "instance"))
