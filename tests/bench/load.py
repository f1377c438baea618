"""The load, from a process of its own: `python -m tests.bench.load < plan.json > result.json`.

The plan is `{"host", "port", "seconds", "lanes": [[{"method", "path", "headers", "body"}, ...], ...]}`: each lane is
one connection that sends its requests in turn, over and over (`"once": true`: each only once, however long it
takes). A body may hold `{seq}`, which grows with every round. The result is `{"seconds", "statuses", "times_ms"}`.
"""

import json
import socket
import sys
import threading
import time
from collections import Counter
from typing import Any

WARM_UP_S = 0.5


class Lane:
    """One keep-alive connection and what it measured."""

    def __init__(self, plan: dict[str, Any], requests: list[dict[str, Any]]) -> None:
        self.host, self.port = plan["host"], plan["port"]
        self.requests = requests
        self.once = plan.get("once", False)
        self.statuses: Counter[int] = Counter()
        self.times_ms: list[float] = []
        self.socket = socket.create_connection((self.host, self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def run(self, counts_from: float, until: float) -> None:
        """Send requests until the time is over, or until each was sent where that is the plan."""
        seq = time.time_ns() // 1_000_000  # beyond what an earlier run has sent
        while self.once or time.monotonic() < until:
            seq += 1
            for request in self.requests:
                started = time.monotonic()
                status = self.send(request, seq)
                ended = time.monotonic()
                if self.once or (counts_from <= started and ended <= until):
                    self.statuses[status] += 1
                    self.times_ms.append((ended - started) * 1000)
            if self.once:
                return

    def send(self, request: dict[str, Any], seq: int) -> int:
        body = request.get("body", "").replace("{seq}", str(seq)).encode()
        head = [f"{request['method']} {request['path']} HTTP/1.1", f"Host: {self.host}:{self.port}"]
        head += [f"{name}: {value}" for name, value in request["headers"].items()]
        head += [f"Content-Length: {len(body)}", "", ""]
        self.socket.sendall("\r\n".join(head).encode() + body)
        return self.read()

    def read(self) -> int:
        """Take in one whole answer; its status."""
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.more()
        head, _, body = answer.partition(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        length = next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")), None)
        if length is None:
            raise RuntimeError(f"an answer without Content-Length: {head[:200]!r}")
        left = length - len(body)
        while left > 0:
            left -= len(self.more())
        return int(lines[0].split()[1])

    def more(self) -> bytes:
        part = self.socket.recv(262_144)
        if not part:
            raise RuntimeError("the server closed the connection")
        return part


def main() -> None:
    plan = json.load(sys.stdin)
    lanes = [Lane(plan, requests) for requests in plan["lanes"]]
    begun = time.monotonic()
    counts_from = begun if plan.get("once") else begun + WARM_UP_S
    until = counts_from + plan["seconds"]
    threads = [threading.Thread(target=lane.run, args=(counts_from, until)) for lane in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - begun if plan.get("once") else plan["seconds"]
    statuses = sum((lane.statuses for lane in lanes), Counter())
    times = [time_ms for lane in lanes for time_ms in lane.times_ms]
    json.dump({"seconds": seconds, "statuses": statuses, "times_ms": times}, sys.stdout)


if __name__ == "__main__":
    main()
