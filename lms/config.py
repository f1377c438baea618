"""Settings: read once, validated, frozen. Every one is listed by `lms settings`."""

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SECRET_FILE = "secret-key"  # noqa: S105 - a file's name
SHORTEST_SECRET = 32


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
        "", "SECRET_KEY", "Signs cookies; 32 characters or more. Empty means a key made in the instance folder."
    )
    time_zone: str = _setting("Asia/Shanghai", "LMS_TIME_ZONE", "The calendar that shifts and months belong to.")
    trusted_hosts: str = _setting(
        "", "LMS_TRUSTED_HOSTS", "Host names, separated by commas, that the site answers to besides loopback."
    )
    proxy_hops: int = _setting(
        0, "LMS_PROXY_HOPS", "How many reverse proxies stand in front and set X-Forwarded-*; 0 ignores them."
    )
    smtp_url: str = _setting("", "LMS_SMTP_URL", "smtp://user:password@host:port for mail; empty sends none.")
    dingtalk_url: str = _setting("", "LMS_DINGTALK_URL", "A DingTalk group robot's address; empty posts nothing.")
    demo: bool = _setting(False, "LMS_DEMO", "Set by `lms serve --demo` for its own processes; not for a real site.")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def database(self) -> str:
        """The database's address with the SQLite default filled in."""
        return self.database_url or f"sqlite:///{(self.instance / 'lms.db').resolve()}"

    @property
    def hosts(self) -> list[str]:
        named = [host.strip() for host in self.trusted_hosts.split(",") if host.strip()]
        return ["localhost", "127.0.0.1", "[::1]", *named]


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
    return Path(str(raw)) if kind is Path else str(raw)


def _from_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from None


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force: environment first, then the instance folder's file. Raises SettingsError."""
    known = {f.metadata["variable"]: f for f in fields(Settings)}
    if unknown := sorted(n for n in environ if n.startswith("LMS_") and n not in known):
        raise SettingsError(f"{', '.join(unknown)}: no such setting; `lms settings` lists them")
    instance = Path(environ.get("LMS_INSTANCE", "instance"))
    path = instance / "settings.toml"
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
        raise SettingsError(f"LMS_TIME_ZONE is {settings.time_zone!r}; write a name like Asia/Shanghai") from None
    if settings.proxy_hops < 0:
        raise SettingsError("LMS_PROXY_HOPS is negative; write 0 or more")
    if settings.secret_key and len(settings.secret_key) < SHORTEST_SECRET:
        raise SettingsError(f"SECRET_KEY is shorter than {SHORTEST_SECRET} characters")
    return settings


def secret_key(settings: Settings) -> str:
    """The key that signs cookies: as set, else the instance folder's, made on first use."""
    if settings.secret_key:
        return settings.secret_key
    path = settings.instance / SECRET_FILE
    settings.instance.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key := secrets.token_urlsafe(48))
    return key
