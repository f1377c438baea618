"""The yardstick: two bare Flask views on the same server and the same SQLite: `python -m tests.bench.bare PORT`.

`/page` renders a small template; `/row` writes one row into BARE_FOLDER/bare.db. Neither has sessions,
access, CSRF or an ORM.
"""

import os
import sys
import threading
from pathlib import Path

from flask import Flask, jsonify, render_template_string
from granian import Granian
from granian.constants import Interfaces

from lms import sqlite

TEMPLATE = """<!doctype html><title>{{ title }}</title><h1>{{ title }}</h1>
<ul>{% for row in rows %}<li><a href="/{{ row.id }}">{{ row.name }}</a></li>{% endfor %}</ul>"""
ROWS = [{"id": number, "name": f"Row <{number}>"} for number in range(20)]
THREADS = 4

app = Flask(__name__)
_mine = threading.local()


def connection():
    """This thread's connection, set up as the product's are."""
    if not hasattr(_mine, "connection"):
        path = Path(os.environ["BARE_FOLDER"]) / "bare.db"
        _mine.connection = made = sqlite.driver().connect(path, isolation_level=None)
        made.execute("PRAGMA busy_timeout = 5000")
        made.execute(f"PRAGMA journal_mode = {sqlite.journal_mode(sqlite.driver().sqlite_version_info)}")
        made.execute("PRAGMA synchronous = FULL")
        made.execute("CREATE TABLE IF NOT EXISTS line (id INTEGER PRIMARY KEY, text TEXT)")
    return _mine.connection


@app.get("/page")
def page():
    return render_template_string(TEMPLATE, title="A page", rows=ROWS)


@app.post("/row")
def row():
    line = connection()
    line.execute("BEGIN IMMEDIATE")
    line.execute("INSERT INTO line (text) VALUES ('one')")
    line.execute("COMMIT")
    return jsonify(saved=True)


@app.get("/healthz")
def healthz():
    return {"status": "ok"}


if __name__ == "__main__":
    Granian(
        "tests.bench.bare:app", address="127.0.0.1", port=int(sys.argv[1]), interface=Interfaces.WSGI,
        workers=1, blocking_threads=THREADS, respawn_failed_workers=True, log_access=False, log_level="warning",
    ).serve()  # fmt: skip
