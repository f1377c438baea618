"""Settings: read once, validated, frozen. Every one is listed by `lms settings`."""

import contextlib
import os
import secrets
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

SECRET_FILE = "secret-key"  # noqa: S105 - a file's name
SHORTEST_SECRET = 32
DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}


class SettingsError(ValueError):
    """A setting that cannot be used; the message names it and says what to change."""


def _setting(default: Any, variable: str, about: str) -> Any:
    return field(default=default, metadata={"variable": variable, "about": about})


@dataclass(frozen=True, slots=True)
class Settings:
    """All that can be set from outside, by environment variable or in `instance/settings.toml`."""

    instance: Path = _setting(
        Path("instance"), "LMS_INSTANCE", "Folder for the database, the secret key and uploads."
    )
    database_url: str = _setting(
        "", "DATABASE_URL", "SQLAlchemy address; empty means SQLite at lms.db in the instance folder."
    )
    secret_key: str = _setting(
        "",
        "SECRET_KEY",
        "Signs cookies; 32 characters or more. Empty means a key made in the instance folder.",
    )
    time_zone: str = _setting(
        "Asia/Shanghai", "LMS_TIME_ZONE", "The calendar that shifts and months belong to."
    )
    trusted_hosts: str = _setting(
        "", "LMS_TRUSTED_HOSTS", "Host names, separated by commas, that the site answers to besides loopback."
    )
    proxy_hops: int = _setting(
        0, "LMS_PROXY_HOPS", "How many reverse proxies stand in front and set X-Forwarded-*; 0 ignores them."
    )
    demo: bool = _setting(
        False, "LMS_DEMO", "Set by `lms serve --demo` for its own processes; not for a real site."
    )

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def database(self) -> str:
        """The database's address with its driver, and the SQLite default filled in. Raises SettingsError."""
        url = _database(self.database_url) if self.database_url else None
        default = f"sqlite:///{(self.instance / 'lms.db').resolve()}"
        return url.render_as_string(hide_password=False) if url else default

    @property
    def hosts(self) -> list[str]:
        """The names the site answers to. (Werkzeug's check knows no IPv6 literals.)"""
        named = [host.strip().lower() for host in self.trusted_hosts.split(",") if host.strip()]
        return ["localhost", "127.0.0.1", *named]


def _database(address: str) -> URL:
    """The parsed address of a database this runs on; `postgres://`, as hosts like to write it, is PostgreSQL."""
    try:
        url = make_url(address.replace("postgres://", "postgresql://", 1))
    except ArgumentError:
        raise SettingsError(
            "DATABASE_URL is no address; write postgresql://user:password@host/name"
        ) from None
    kind = url.get_backend_name()
    if kind not in DRIVERS:
        raise SettingsError(f"DATABASE_URL names {kind!r}; write postgresql://... or sqlite:////path/to/file")
    if kind == "sqlite" and (not url.database or url.database == ":memory:"):
        raise SettingsError(
            "DATABASE_URL names no file; a database in memory would be lost: sqlite:////path/to/file"
        )
    return url.set(drivername=DRIVERS[kind])


def variables() -> list[tuple[str, str, Any]]:
    """Name, explanation and default of every setting."""
    return [(f.metadata["variable"], f.metadata["about"], f.default) for f in fields(Settings)]


def _convert(variable: str, kind: Any, raw: Any) -> Any:
    if kind is bool:
        if str(raw).lower() in {"1", "true", "yes"}:
            return True
        if str(raw).lower() in {"", "0", "false", "no"}:
            return False
        raise SettingsError(f"{variable} is {raw!r}; write 1 or 0")
    if kind is int:
        try:
            return int(str(raw))
        except ValueError:
            raise SettingsError(f"{variable} is {raw!r}; write a whole number") from None
    if not isinstance(raw, str):
        raise SettingsError(f"{variable} is {raw!r}; write it as text, in quotes")
    return Path(raw) if kind is Path else raw


def _from_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{path}: {error}") from None


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force: environment first, then the instance folder's file. Raises SettingsError."""
    known = {f.metadata["variable"]: f for f in fields(Settings)}
    if unknown := sorted(n for n in environ if n.startswith("LMS_") and n not in known):
        raise SettingsError(f"{', '.join(unknown)}: no such setting; `lms settings` lists them")
    environ = {name: value for name, value in environ.items() if value or name != "LMS_INSTANCE"}
    path = Path(environ.get("LMS_INSTANCE", "instance")) / "settings.toml"
    raw: dict[str, Any] = _from_file(path)
    if unknown := sorted(n for n in raw if n not in known or n == "LMS_INSTANCE"):
        raise SettingsError(f"{path}: {', '.join(unknown)}: no such setting; `lms settings` lists them")
    raw |= {name: environ[name] for name in known if name in environ}
    values = {known[name].name: _convert(name, known[name].type, value) for name, value in raw.items()}
    return _checked(Settings(**values))


def _checked(settings: Settings) -> Settings:
    try:
        ZoneInfo(settings.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise SettingsError(
            f"LMS_TIME_ZONE is {settings.time_zone!r}; write a name like Asia/Shanghai"
        ) from None
    if wrong := [host for host in settings.hosts if "/" in host or any(c.isspace() for c in host)]:
        raise SettingsError(
            f"LMS_TRUSTED_HOSTS names {wrong[0]!r}; write host names only, separated by commas"
        )
    if settings.proxy_hops < 0:
        raise SettingsError("LMS_PROXY_HOPS is negative; write 0 or more")
    _ = settings.database
    if settings.secret_key and len(settings.secret_key) < SHORTEST_SECRET:
        raise SettingsError(f"SECRET_KEY is shorter than {SHORTEST_SECRET} characters")
    return settings


def secret_key(settings: Settings) -> str:
    """The key that signs cookies: as set, else the instance folder's, made on first use. Raises SettingsError."""
    if settings.secret_key:
        return settings.secret_key
    path = settings.instance / SECRET_FILE
    try:
        settings.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _make_secret(path)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from None
    if len(key) < SHORTEST_SECRET:
        raise SettingsError(f"{path} is shorter than {SHORTEST_SECRET} characters; remove it and start again")
    return key


def _make_secret(path: Path) -> None:
    """Write a key so that it appears whole or not at all: processes that start together all read the same one."""
    handle, draft = tempfile.mkstemp(prefix=f"{path.name}-", dir=path.parent)  # readable by its owner only
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):  # another process was first: its key holds
            os.link(draft, path)
    finally:
        os.unlink(draft)
