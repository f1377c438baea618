"""Several at once: threads with application contexts, and so database sessions, of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError
from typing import Any

from flask import Flask

from lms.db import db

PATIENCE = 60.0  # seconds, for a machine that is busy with other things


def at_once(app: Flask, *bodies: Callable[[], Any]) -> list[Any]:
    """What each body returns or raises, all begun together."""
    db.session.rollback()  # what the test has read must not stand in their way
    start = Barrier(len(bodies))

    def run(body: Callable[[], Any]) -> Any:
        with app.app_context():
            start.wait(PATIENCE)
            try:
                return body()
            except Exception as error:
                return error
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(bodies)) as pool:
        return [future.result(PATIENCE) for future in [pool.submit(run, body) for body in bodies]]


def meet(barrier: Barrier, seconds: float = 0.5) -> None:
    """Wait for the others; go on alone where they cannot come because this one holds the way."""
    try:
        barrier.wait(seconds)
    except BrokenBarrierError:
        return
