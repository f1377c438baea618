"""Finds a Chromium, or fetches one: `python -m tests.browser.install`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
DEBIAN = ("chromium-headless-shell", "chromium")  # the shell is the same browser without windows, a fifth faster
FONTS = "fonts-noto-cjk"
HELP = """No browser was found and none could be fetched. The browser tests need one of:
  - Chromium or Chrome on PATH (Debian, Ubuntu: apt-get install chromium fonts-noto-cjk)
  - its path in the variable CHROMIUM
  - Playwright's own: .venv/bin/python -m playwright install --with-deps chromium"""


def executable() -> str | None:
    """The Chromium to use: what CHROMIUM names, one on PATH, or Playwright's own. None if there is none."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    for name in NAMES:
        if found := shutil.which(name):
            return found
    return _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _run(*command: str) -> bool:
    click.echo(" ".join(command), err=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environment, check=False).returncode == 0


def _from_debian() -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    return _installed() or (_run("apt-get", "update", "-qq") and _installed())


def _installed() -> bool:
    """Whether one of Debian's browsers could be installed; older releases do not have the first."""
    install = ("apt-get", "install", "-qq", "-y", "--no-install-recommends", FONTS)
    return any(_run(*install, browser) for browser in DEBIAN)


def main() -> int:
    """Make sure that there is a browser. 0 if there is."""
    if os.environ.get("CHROMIUM") and executable() is None:
        click.echo(f"CHROMIUM is {os.environ['CHROMIUM']}, and there is no such program.", err=True)
        return 1
    if executable() is None and not (_from_debian() and executable()):
        _run(sys.executable, "-m", "playwright", "install", "chromium")
    if executable() is None:
        click.echo(HELP, err=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
