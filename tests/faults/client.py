"""Somebody's own client of the site: HTTP, cookies and the token of the page, and nothing of our scripts."""

import http.client
import json
import re
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

TOKEN = re.compile(r'<meta name="csrf-token" content="([^"]+)">')
PATIENCE_S = 60.0


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    text: str

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def location(self) -> str:
        return self.header("location")

    @property
    def json(self) -> Any:
        assert self.header("content-type").startswith("application/json"), (self.status, self.text[:500])
        return json.loads(self.text)


class HttpClient:
    """One browser's worth of cookies."""

    def __init__(self, address: str, language: str = "en") -> None:
        self.host, self.language = urlsplit(address).netloc, language
        self.cookies: dict[str, str] = {}
        self.token = ""

    def copy(self) -> "HttpClient":
        """The same session in another window."""
        other = HttpClient(f"http://{self.host}", self.language)
        other.cookies, other.token = dict(self.cookies), self.token
        return other

    def send(self, method: str, path: str, body: str | bytes | None = None, **headers: str | None) -> Reply:
        """One request on a connection of its own. `accept_language="zh"` is the header Accept-Language."""
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE_S)
        try:
            connection.request(method, path, body, self._headers(headers))
            answer = connection.getresponse()
            reply = Reply(answer.status, answer.getheaders(), answer.read().decode())
        finally:
            connection.close()
        for name, value in reply.headers:
            if name.lower() == "set-cookie":
                self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(value).items()}
        if found := TOKEN.search(reply.text):
            self.token = found[1]
        return reply

    def _headers(self, given: dict[str, str | None]) -> dict[str, str]:
        headers = {"Accept-Language": self.language}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        named = {name.replace("_", "-").title(): value for name, value in given.items()}
        return headers | {name: value for name, value in named.items() if value is not None}

    def page(self, path: str) -> Reply:
        return self.send("GET", path, accept="text/html")

    def get(self, path: str) -> Reply:
        """As JSON."""
        return self.send("GET", path, accept="application/json")

    def post(self, path: str, accept: str = "text/html", **fields: str) -> Reply:
        """A form, with the token of the page read last."""
        body = urlencode({"csrf_token": self.token, **fields})
        return self.send("POST", path, body, accept=accept, content_type="application/x-www-form-urlencoded")

    def put(self, path: str, body: Any, **headers: str | None) -> Reply:
        """JSON, or the very text given, with the token in its header."""
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        headers = {"content_type": "application/json", "x_csrftoken": self.token, **headers}
        return self.send("PUT", path, text, **headers)

    def sign_in(self, username: str, password: str = "demo") -> "HttpClient":
        self.page("/login")
        reply = self.post("/login", username=username, password=password)
        assert (reply.status, reply.location) == (303, "/"), reply.text[:500]
        self.page("/me")
        return self


def answer(chosen: list[str], seq: int, *, flagged: bool = False) -> dict[str, Any]:
    """What a PUT sends."""
    return {"chosen": chosen, "flagged": flagged, "seq": seq}
