"""`lms serve`: bring the site up and serve it, with a worker beside it."""

import ipaddress
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import click
from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from lms import clock, create_app, site
from lms.cli.content import load_all
from lms.config import Settings, read_settings
from lms.db import db

DEMO_FOLDER = "demo"
LOOK_FOR_PARENT_SECONDS = 0.5
LOOK_FOR_WORKER_SECONDS = 0.5


@click.command()
@click.option("--demo", is_flag=True, help="A believable company on a database of its own; loopback only.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option(
    "--threads", default=4, show_default=True, type=click.IntRange(1, 256), help="Threads a worker."
)
def serve(demo: bool, host: str, port: int, workers: int, threads: int) -> None:
    """Migrate if needed, load content, serve."""
    if demo and not _is_loopback(host):
        raise click.UsageError(
            "--demo has well-known passwords and listens on loopback only; leave out --host"
        )
    _refuse_taken_port(host, port)
    settings = _environment(demo)
    app = create_app(settings)
    site.make_instance(settings.instance)
    with app.app_context():
        site.migrate()
        _guard_database(settings)
        site.prepare(clock.now())
        load_all()
    if demo:
        _fill_demo(app)
    address = f"http://{'localhost' if ':' in host else host}:{port}"  # Werkzeug knows no IPv6 host names
    _announce(app, address)
    with app.app_context():
        db.engine.dispose()  # a connection to SQLite must not be carried into the processes that Granian forks
    stopping = threading.Event()
    keeper = threading.Thread(target=_keep_a_worker, args=(_start_worker(), stopping))
    keeper.start()
    try:
        Granian(
            "lms.wsgi:app",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=threads,
            respawn_failed_workers=True,
            log_access=False,
            log_level=LogLevels.warning,
        ).serve(target_loader=partial(_application, os.getpid()), wrap_loader=False)
    finally:
        stopping.set()
        keeper.join()


def _start_worker() -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "lms.cli", "worker", "--with-parent", str(os.getpid())]
    # In a session of its own: Ctrl-C in a terminal reaches all at once, and this one ends after the server.
    return subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own program, nothing of a user's


def _keep_a_worker(worker: "subprocess.Popen[bytes]", stopping: threading.Event) -> None:
    """Start another worker whenever one ends before the server does, and end the last one with the server.

    The first is started before Granian forks: a fork in the middle of it would keep its pipe open for good.
    """
    while not stopping.wait(LOOK_FOR_WORKER_SECONDS):
        if worker.poll() is not None:
            worker = _start_worker()
    worker.terminate()
    worker.wait(10)


def _application(parent: int) -> Flask:
    """The application, loaded by one of the server's processes, which ends with its parent even if that is killed.

    Ctrl-C in a terminal reaches every process of the server at once. This one leaves it to the parent, which ends it:
    told to end twice at the same moment, it would hang.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    from lms.wsgi import app

    return app


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_FOR_PARENT_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)


def _refuse_taken_port(host: str, port: int) -> None:
    """Refuse to share a port: Granian would, and requests would go now to one server, now to the other."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"cannot listen on {host}, port {port}: {error.strerror}; choose another with --port"
            ) from None


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _environment(demo: bool) -> Settings:
    """The settings, put back into the environment so that the server's processes read the same ones."""
    if demo:
        os.environ["LMS_INSTANCE"] = str(Path(os.environ.get("LMS_INSTANCE", "instance")) / DEMO_FOLDER)
        os.environ["LMS_DEMO"] = "1"
        if os.environ.get("DATABASE_URL"):
            raise click.UsageError("--demo has a database of its own; unset DATABASE_URL")
    settings = read_settings()
    os.environ["LMS_INSTANCE"] = str(settings.instance.resolve())
    return read_settings()


def _guard_database(settings: Settings) -> None:
    """The demo's people have a well-known password: their database never serves a real site, nor the other way."""
    if site.is_demo() and not settings.demo:
        raise click.ClickException("this is the demo's database; a real site needs its own: set LMS_INSTANCE")
    if settings.demo and not site.is_demo():
        if site.has_people():
            raise click.ClickException("this database has real people in it; --demo will not touch it")
        site.mark_demo()


def _fill_demo(app: Flask) -> None:
    from lms.demo import fill

    with app.app_context():
        fill(clock.now())


def _announce(app: Flask, address: str) -> None:
    with app.app_context():
        click.echo(f"Serving on {address}")
        if token := site.first_link(clock.now()):
            click.echo(
                f"Nobody has an account yet. Make the first admin's here, once: {address}/welcome/{token}"
            )
        if app.extensions["lms_settings"].demo:
            from lms.people.words import DEMO_PEOPLE

            click.echo(f'Demo accounts, password "demo": {", ".join(name for name, _ in DEMO_PEOPLE)}')


def register(group: click.Group) -> None:
    """Add this file's commands."""
    group.add_command(serve)
