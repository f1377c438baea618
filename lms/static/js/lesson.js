// A lesson remembers where its reader is, and explains a word of the trade where it stands.
// Without script the words lead to the glossary, and the place is kept by a form at the end.

const lesson = document.querySelector("[data-lesson]");
const PAUSE = 1500; // one stops scrolling for this long before the place is kept

if (lesson) {
  explainTerms(lesson);
  if (lesson.dataset.placeUrl) keepPlace(lesson);
}

function keepPlace(article) {
  const parts = [...article.querySelectorAll("[id^='part-']")];
  let kept = article.dataset.place;
  let timer;

  const reached = () => parts.filter((part) => part.getBoundingClientRect().top < innerHeight / 2).at(-1);

  const send = () => {
    clearTimeout(timer);
    const part = scrollY > 0 && reached();
    if (!part || part.id === kept || (!kept && part === parts[0])) return;
    const before = kept;
    kept = part.id;
    fetch(article.dataset.placeUrl, {
      method: "PUT",
      keepalive: true,
      headers: {
        "Content-Type": "application/json",
        "X-CSRFToken": document.querySelector("meta[name='csrf-token']").content,
      },
      body: JSON.stringify({ place: part.id }),
    }).then(
      (answer) => { if (!answer.ok) kept = before; },
      () => { kept = before; },
    );
  };

  addEventListener("scroll", () => { clearTimeout(timer); timer = setTimeout(send, PAUSE); }, { passive: true });
  addEventListener("pagehide", send);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") send(); });
}

function explainTerms(article) {
  const meanings = new Map(
    [...document.querySelectorAll("[data-term]")].map((entry) => [entry.dataset.term, entry]),
  );
  for (const link of article.querySelectorAll("a.term")) {
    const entry = meanings.get(link.hash.slice(1));
    if (!entry) continue;
    let gloss;
    link.setAttribute("aria-expanded", "false");
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      if (gloss) {
        gloss.remove();
        gloss = undefined;
      } else {
        gloss = glossOf(entry);
        const block = link.closest("p, li, td, th, .chat-text, summary") ?? link;
        if (block.matches("p, summary")) block.after(gloss);
        else block.append(gloss);
      }
      link.setAttribute("aria-expanded", String(Boolean(gloss)));
    });
  }
}

function glossOf(entry) {
  const gloss = document.createElement("div");
  gloss.className = "gloss";
  gloss.setAttribute("role", "note");
  const name = document.createElement("b");
  name.textContent = entry.querySelector("dt").firstChild.textContent.trim();
  gloss.append(name, " ", entry.querySelector("dd").textContent);
  return gloss;
}
