// Answers on their way to the server: one at a time, in the order in which they were given. What is not
// saved yet is kept in local storage, so that neither a lost connection nor a new sign-in loses it.

const WAITS = [1000, 2000, 4000, 8000, 15000];
const PATIENCE = 10000;

export class Queue {
  /** `tell(event, detail)` hears: saving, saved, waiting, newer, closed, refused, signedOut. */
  constructor({ url, token, tell }) {
    this.url = url;
    this.token = token;
    this.tell = tell;
    this.waiting = new Map(); // position -> {chosen, flagged, seq}; a Map keeps the order of insertion
    this.busy = false;
    this.halted = false;
    this.failures = 0;
    this.timer = 0;
  }

  /** Put an answer at the end of the queue, in place of an older one to the same question. */
  add(position, answer) {
    this.waiting.delete(position);
    this.waiting.set(position, answer);
    keep(this.url, position, answer);
    this.send();
  }

  /** Try again now: the connection or the sign-in may be back. */
  resume() {
    this.failures = 0;
    if (this.halted) this.renewToken();
    else this.send();
  }

  async send() {
    clearTimeout(this.timer);
    if (this.busy || this.halted || !this.waiting.size) return;
    const [position, answer] = this.waiting.entries().next().value;
    this.busy = true;
    this.tell("saving", { position });
    const response = await this.request(`${this.url}/answers/${position}`, "PUT", answer);
    const body = response && (await response.json().catch(() => null));
    this.busy = false;
    this.settle(position, answer, body ? response.status : 0, body);
  }

  request(url, method, body) {
    return fetch(url, {
      method,
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    }).catch(() => null);
  }

  settle(position, answer, status, body) {
    if (status === 200) this.done(position, answer, "saved", body);
    else if (status === 409) this.done(position, answer, "newer", { ...body, sent: answer });
    else if (status === 422) this.done(position, answer, "refused", body);
    else if (status === 410) this.halt("closed", {});
    else if (status === 400) this.renewToken();
    else if (status === 401 || status === 404) this.halt("signedOut", {});
    else this.later(position);
  }

  done(position, answer, event, body) {
    this.failures = 0;
    if (this.waiting.get(position) === answer) {
      this.waiting.delete(position);
      forget(this.url, position);
    }
    this.tell(event, { ...body, position, isLatest: !this.waiting.has(position) });
    this.send();
  }

  halt(event, detail) {
    this.halted = true;
    this.tell(event, detail);
  }

  later(position) {
    const wait = WAITS[Math.min(this.failures, WAITS.length - 1)];
    this.failures += 1;
    this.tell("waiting", { position });
    this.timer = setTimeout(() => this.send(), wait);
  }

  /** The token belongs to the sign-in: fetch the page again for a fresh one, or learn that we are signed out. */
  async renewToken() {
    const response = await fetch(this.url, { headers: { Accept: "text/html" } }).catch(() => null);
    const html = response && response.ok ? await response.text() : "";
    const page = new DOMParser().parseFromString(html, "text/html");
    const token = page.querySelector('meta[name="csrf-token"]')?.content;
    if (response && response.ok && page.querySelector("#paper")) {
      const isNew = token !== this.token || this.halted;
      this.token = token;
      this.halted = false;
      if (isNew) this.send();
      else this.later(this.waiting.keys().next().value);
    } else if (!response || response.status >= 500) {
      this.later(this.waiting.keys().next().value);
    } else if (new URL(response.url).pathname.endsWith("/result")) {
      this.halt("closed", {});
    } else {
      this.halt("signedOut", {});
    }
  }
}

const keyOf = (url, position) => `lms:${url}:${position}`;

function keep(url, position, answer) {
  try {
    localStorage.setItem(keyOf(url, position), JSON.stringify(answer));
  } catch {
    // no storage (private window, full): the queue still lives as long as the page
  }
}

function forget(url, position) {
  try {
    localStorage.removeItem(keyOf(url, position));
  } catch {
    // as above
  }
}

/** The answer to a question that an earlier visit to the page could not save, or null. */
export function kept(url, position) {
  try {
    return JSON.parse(localStorage.getItem(keyOf(url, position)));
  } catch {
    return null;
  }
}

/** Forget what was kept, once the attempt is over. */
export function forgetAll(url, positions) {
  for (const position of positions) forget(url, position);
}
