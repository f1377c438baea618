"""Requests a second and p95 of four pages, each beside a bare Flask view of its kind: `python -m tests.bench`.

Product and yardstick run on the same server with the same options, one after the other, in turns. The load comes
from a second process over loopback. Figures of different machines cannot be compared; the ratios can.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from lms import create_app
from lms.config import Settings
from tests.bench import world
from tests.bench.bare import THREADS
from tests.browser.server import PROJECT, Company, demo_company, free_port, wait_for
from tests.conftest import counted_statements

LANES = 4  # connections
ROUNDS = 3
SECONDS = 3.0  # a round
HAND_INS = 20  # a round
PAGE, ROW = "bare page", "bare row"


@dataclass
class Measure:
    """One kind of request: what it is compared with, its requests by lane, and what came of it."""

    name: str
    beside: str
    lanes: list[list[dict[str, Any]]]
    once: bool = False
    statements: int | None = None
    rates: list[float] = field(default_factory=list)
    times_ms: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Requests a second: the median of the rounds."""
        return statistics.median(self.rates)

    @property
    def p95_ms(self) -> float:
        return statistics.quantiles(self.times_ms, n=20)[-1]

    def run(self, address: str, lanes: list[list[dict[str, Any]]]) -> None:
        """One round from a process of its own. Raises where an answer was not a success."""
        host, port = address.removeprefix("http://").split(":")
        plan = {"host": host, "port": int(port), "seconds": SECONDS, "lanes": lanes, "once": self.once}
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.load"],
            input=json.dumps(plan), capture_output=True, text=True, check=True, cwd=PROJECT,
        )  # fmt: skip
        result = json.loads(done.stdout)
        if bad := {status: n for status, n in result["statuses"].items() if status not in ("200", "303")}:
            raise RuntimeError(f"{self.name}: {bad}")
        self.rates.append(len(result["times_ms"]) / result["seconds"])
        self.times_ms += result["times_ms"]


@contextmanager
def bare_server(folder: Path) -> Iterator[str]:
    port = free_port()
    log = folder / "bare.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.bare", str(port)],
            cwd=PROJECT, env=os.environ | {"BARE_FOLDER": str(folder)}, stdout=output, stderr=output,
        )  # fmt: skip
        try:
            wait_for(f"http://127.0.0.1:{port}", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def product_measures(company: Company) -> list[Measure]:
    """The four pages, with their SQL statements counted on the same database."""
    app = create_app(Settings(instance=company.instance, demo=True))
    with app.app_context():
        reader, manager = world.sign_in(app, "newhire"), world.sign_in(app, "manager")
        savers = [world.sitter(app, number, answered=False) for number in range(LANES + 1)]
        leavers = [
            world.sitter(app, number, answered=True) for number in range(LANES + 1, LANES + 2 + HAND_INS * ROUNDS)
        ]
        measures = [
            Measure("lesson page", PAGE, get("/courses/trade-flow/life-of-an-order", reader)),
            Measure("manager's page", PAGE, get("/team", manager)),
            Measure("save an answer", ROW, [saver.saves(range(1, 9)) for saver in savers[1:]]),
            Measure("hand in", ROW, [[leaver.submit()] for leaver in leavers[1:]], once=True),
        ]
        first_save, first_hand_in = savers[0].saves(range(1, 2))[0], leavers[0].submit()
        for measure in measures:
            sample = {"save an answer": first_save, "hand in": first_hand_in}.get(measure.name, measure.lanes[0][0])
            measure.statements = statements_of(app, sample)
    return measures


def get(path: str, headers: dict[str, str]) -> list[list[dict[str, Any]]]:
    return [[{"method": "GET", "path": path, "headers": headers}]] * LANES


def statements_of(app: Any, request: dict[str, Any]) -> int:
    """How many SQL statements one such request runs, the session's and the person's included."""
    client = app.test_client(use_cookies=False)
    body = request.get("body", "").replace("{seq}", "1")
    with counted_statements() as statements, app.app_context():
        answer = client.open(request["path"], method=request["method"], headers=request["headers"], data=body)
    if answer.status_code not in (200, 303):
        raise RuntimeError(f"{request['path']}: {answer.status_code}")
    return len(statements)


def this_round(measure: Measure, number: int) -> list[list[dict[str, Any]]]:
    """A round's requests by lane. Papers are handed in once, so each round has its own."""
    if not measure.once:
        return measure.lanes
    mine = measure.lanes[number * HAND_INS : (number + 1) * HAND_INS]
    return [[request for lane in mine[start::LANES] for request in lane] for start in range(LANES)]


def show(measures: list[Measure]) -> None:
    """The table."""
    by_name = {measure.name: measure for measure in measures}
    click.echo(f"Python {platform.python_version()}, {os.cpu_count()} cores, 1 worker, {THREADS} threads, "
               f"{LANES} connections, {ROUNDS} rounds of {SECONDS:g} s or {HAND_INS} hand-ins")  # fmt: skip
    click.echo(f"{'':<16}{'req/s':>8}{'p95 ms':>8}{'ratio':>8}{'SQL':>5}")
    for measure in measures:
        beside = by_name.get(measure.beside)
        ratio = f"{measure.rate / beside.rate:.3f}" if beside else ""
        sql = measure.statements if measure.statements is not None else ""
        click.echo(f"{measure.name:<16}{measure.rate:>8.0f}{measure.p95_ms:>8.1f}{ratio:>8}{sql:>5}")
    click.echo(f'ratio: requests a second beside those of the "{PAGE}" (pages) and of the "{ROW}" (the rest)')


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (
            demo_company(folder, "--workers", "1", "--threads", str(THREADS)) as company,
            bare_server(folder) as bare,
        ):
            yardsticks = [
                Measure(PAGE, "", get("/page", {})),
                Measure(ROW, "", [[{"method": "POST", "path": "/row", "headers": {}}]] * LANES),
            ]
            products = product_measures(company)
            for number in range(ROUNDS):
                for measure in yardsticks + products:
                    address = bare if measure in yardsticks else company.address
                    measure.run(address, this_round(measure, number))
            show(yardsticks + products)


if __name__ == "__main__":
    main()
