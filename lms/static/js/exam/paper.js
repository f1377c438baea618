// The paper on the page: what is chosen, what the map shows, which question one is at, and the keys.

const LETTERS = "abcdefghij";

export class Question {
  constructor(element, link) {
    this.element = element;
    this.link = link;
    this.position = Number(element.dataset.position);
    this.seq = Number(element.dataset.seq);
    this.choices = [...element.querySelectorAll(".option > input")];
    this.flag = element.querySelector("[data-flag]");
    this.state = element.querySelector("[data-state-of]");
  }

  get answer() {
    const chosen = this.choices.filter((choice) => choice.checked).map((choice) => choice.value);
    return { chosen: chosen.sort(), flagged: this.flag.checked, seq: this.seq };
  }

  /** Whether something differs from what the server sent with the page. */
  get isTouched() {
    return [...this.choices, this.flag].some((input) => input.checked !== input.defaultChecked);
  }

  show({ chosen, flagged, seq }) {
    for (const choice of this.choices) choice.checked = chosen.includes(choice.value);
    this.flag.checked = flagged;
    this.seq = seq;
  }

  clear() {
    for (const choice of this.choices) choice.checked = false;
  }

  /** Say in words how the answer fares; `kind` gives the mark beside it: saved, saving or failed. */
  say(text, kind) {
    this.state.textContent = text;
    this.state.dataset.state = kind;
  }

  mark(words) {
    const { chosen, flagged } = this.answer;
    this.link.classList.toggle("answered", chosen.length > 0);
    this.link.classList.toggle("flagged", flagged);
    const states = [chosen.length ? words.answered : words.unanswered, ...(flagged ? [words.flagged] : [])];
    this.link.setAttribute("aria-label", `${words.question.replace("{n}", this.position)}: ${states.join(", ")}`);
  }
}

export class Paper {
  constructor(form, words) {
    this.form = form;
    this.words = words;
    this.questions = [...form.querySelectorAll(".question")].map(
      (element) => new Question(element, form.querySelector(`.qmap [data-position="${element.dataset.position}"]`)),
    );
    this.answered = document.querySelector('[data-part="answered"]');
    this.current = this.questions[0];
    this.questions.forEach((question) => question.mark(words));
  }

  at(position) {
    return this.questions[position - 1];
  }

  count() {
    const done = this.questions.filter((question) => question.answer.chosen.length).length;
    this.answered.textContent = `${done}/${this.questions.length}`;
  }

  goTo(position, { focus = true } = {}) {
    const question = this.at(position);
    if (!question) return;
    for (const other of this.questions) {
      other.element.classList.toggle("is-current", other === question);
      if (other === question) other.link.setAttribute("aria-current", "step");
      else other.link.removeAttribute("aria-current");
    }
    this.current = question;
    if (!focus) return;
    question.element.focus({ preventScroll: true });
    question.element.scrollIntoView({ block: "start" });
    history.replaceState(null, "", `#q-${position}`);
  }

  step(by) {
    this.goTo(this.current.position + by);
  }

  lock() {
    for (const input of this.form.querySelectorAll("input, button")) input.disabled = true;
  }

  /** Digits and letters choose, left and right turn pages, F flags; only while the focus is on a question. */
  listenToKeys() {
    this.form.addEventListener("focusin", (event) => {
      const element = event.target.closest(".question");
      if (element) this.goTo(Number(element.dataset.position), { focus: false });
    });
    this.form.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !event.target.closest(".question")) return;
      if (this.pressed(event.key.toLowerCase())) event.preventDefault();
    });
  }

  pressed(key) {
    if (key === "arrowleft" || key === "arrowright") {
      this.step(key === "arrowleft" ? -1 : 1);
      return true;
    }
    const isDigit = key >= "1" && key <= "9" && key.length === 1;
    const index = isDigit ? Number(key) - 1 : key.length === 1 ? LETTERS.indexOf(key) : -1;
    const choice = this.current.choices[index];
    if (choice && !choice.disabled) choice.click();
    else if (key === "f" && !this.current.flag.disabled) this.current.flag.click();
    else return false;
    return true;
  }
}
