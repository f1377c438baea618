// Sitting an exam. The server decides about time and answers; this page shows and sends them.

import { Clock, asClock, pageAnsweredAt } from "./exam/clock.js";
import { Paper } from "./exam/paper.js";
import { Queue, forgetAll, kept } from "./exam/queue.js";

const GRACE = 25000; // a little less than the server's, so that what is sent still counts
const WARN_AT = [600, 300, 60];

const form = document.getElementById("paper");
const url = form.dataset.url;
const words = JSON.parse(form.dataset.words);
const parts = Object.fromEntries(
  [...document.querySelectorAll("[data-part]")].map((element) => [element.dataset.part, element]),
);
const alertBox = document.querySelector("[data-alert]");
const time = new Intl.DateTimeFormat("en-GB", { timeZone: form.dataset.zone, hour: "2-digit", minute: "2-digit" });
const paper = new Paper(form, words);
const clock = new Clock(Number(form.dataset.remaining), pageAnsweredAt());
const queue = new Queue({
  url,
  token: document.querySelector('meta[name="csrf-token"]').content,
  tell: (event, detail) => heard[event](detail),
});
let isOver = false;
let lastSaved = parts.save.textContent;

const heard = {
  saving({ position }) {
    paper.at(position).say(words.saving, "saving");
    showWhole(words.saving, "saving");
  },
  saved({ position, isLatest, saved_at: at, remaining_s: left }) {
    clock.sync(left);
    lastSaved = words.saved.replace("{time}", time.format(new Date(at)));
    if (isLatest) paper.at(position).say(lastSaved, "saved");
    if (!queue.waiting.size) allSaved();
  },
  waiting({ position }) {
    paper.at(position)?.say(words.unsaved, "failed");
    showWhole(words.unsaved, "failed");
    alertOf(words.offline.replace("{n}", queue.waiting.size));
  },
  newer({ position, current, sent, isLatest }) {
    if (sent.seq > current.seq) return leave(); // not an older save, so the attempt was handed in elsewhere
    const question = paper.at(position);
    if (!isLatest) return queue.add(position, { ...question.answer, seq: (question.seq = current.seq + 1) });
    question.show(current);
    question.mark(words);
    question.say(words.newer, "failed");
    paper.count();
    alertOf(words.newerAlert.replace("{n}", position));
    if (!queue.waiting.size) showWhole(lastSaved, "saved");
  },
  refused({ position, error }) {
    paper.at(position).say(error || words.unsaved, "failed");
    showWhole(words.unsaved, "failed");
  },
  closed: leave,
  signedOut() {
    showWhole(words.unsaved, "failed");
    alertOf(words.signedOut);
    parts.signIn.hidden = false;
  },
};

function allSaved() {
  showWhole(lastSaved, "saved");
  alertOf("");
  parts.signIn.hidden = true;
}

function showWhole(text, kind) {
  parts.save.textContent = text;
  parts.save.dataset.state = kind;
}

function alertOf(text) {
  parts.alert.textContent = text;
  alertBox.hidden = !text;
}

function changed(question) {
  question.seq += 1;
  question.mark(words);
  paper.count();
  question.say(words.saving, "saving");
  queue.add(question.position, question.answer);
}

/** Wait until nothing is left to save, or `patience` milliseconds have passed; true if all is saved. */
async function flushed(patience) {
  const until = performance.now() + patience;
  queue.resume();
  while ((queue.waiting.size || queue.busy) && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return !queue.waiting.size;
}

function leave() {
  isOver = true;
  forgetAll(url, paper.questions.map((question) => question.position));
  location.assign(`${url}/result`);
}

async function timeIsUp() {
  isOver = true;
  paper.lock();
  alertOf(words.timeIsUp);
  const started = performance.now();
  await flushed(GRACE);
  await queue.request(`${url}/submit`, "POST", {});
  if (queue.waiting.size) {
    alertOf(words.timeIsUpUnsaved.replace("{n}", queue.waiting.size));
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, started + GRACE - performance.now())));
  }
  leave();
}

function announce(minutes) {
  parts.announce.textContent = minutes === 1 ? words.minuteLeft : words.minutesLeft.replace("{n}", minutes);
}

function tick() {
  if (isOver) return;
  const left = clock.left();
  parts.clock.textContent = asClock(left);
  parts.clock.classList.toggle("clock-low", left <= 600 && left > 60);
  parts.clock.classList.toggle("clock-last", left <= 60);
  if (WARN_AT.includes(left)) announce(left / 60);
  if (left === 0) timeIsUp();
}

/** After sleep or hours in the background: ask the server how much time is left. */
async function resync() {
  if (document.visibilityState !== "visible" || isOver) return;
  queue.resume();
  const response = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!response || !response.ok) return;
  const { state, remaining_s: left } = await response.json();
  if (state !== "open") leave();
  else clock.sync(left);
}

function restore() {
  for (const question of paper.questions) {
    const answer = kept(url, question.position);
    if (!answer || answer.seq <= question.seq) continue;
    question.show(answer);
    question.mark(words);
    question.say(words.saving, "saving");
    queue.add(question.position, answer);
  }
}

/** What was chosen before this script arrived counts too. */
function catchUp() {
  for (const question of paper.questions) {
    if (question.isTouched && !queue.waiting.has(question.position)) changed(question);
  }
}

form.addEventListener("change", (event) => {
  const element = event.target.closest(".question");
  if (element) changed(paper.at(Number(element.dataset.position)));
});
form.addEventListener("click", (event) => {
  const button = event.target.closest(".qmap a, [data-step], [data-clear]");
  if (!button) return;
  event.preventDefault();
  if (button.dataset.position) paper.goTo(Number(button.dataset.position));
  else if (button.dataset.step) paper.step(Number(button.dataset.step));
  else {
    const question = paper.at(Number(button.dataset.clear));
    question.clear();
    changed(question);
  }
});
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  showWhole(words.saving, "saving");
  if (await flushed(8000)) location.assign(`${url}/submit`);
  else alertOf(words.offline.replace("{n}", queue.waiting.size));
});
window.addEventListener("online", () => queue.resume());
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
window.addEventListener("beforeunload", (event) => {
  if (!isOver && queue.waiting.size) event.preventDefault();
});
document.addEventListener("visibilitychange", resync);

form.classList.add("is-live");
paper.listenToKeys();
restore();
catchUp();
paper.count();
const wanted = /^#q-(\d+)$/.exec(location.hash);
const first = wanted ? paper.at(Number(wanted[1])) : null;
paper.goTo(first ? first.position : 1, { focus: Boolean(first) });
if (!first) paper.current.element.focus({ preventScroll: true }); // so that the keys work from the first on
tick();
setInterval(tick, 500);
