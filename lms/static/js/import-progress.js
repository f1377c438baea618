/* How far a large import is: asked once a second, shown in words and as a bar; the page is loaded anew when it is done. */

const PAUSE = 1000;
const part = document.querySelector("[data-progress]");
const bar = part.querySelector("progress");
const words = part.querySelector("[data-words]");

function show({ done, total }) {
  if (!total) return;
  bar.max = total;
  bar.value = done;
  words.textContent = words.dataset.words
    .replace("{done}", done)
    .replace("{total}", total)
    .replace("{percent}", Math.floor((100 * done) / total));
}

async function look() {
  const answer = await fetch(part.dataset.progress, { headers: { Accept: "application/json" } }).catch(() => null);
  const now = answer?.ok ? await answer.json() : null;
  if ([401, 403, 404].includes(answer?.status) || (now && now.state !== part.dataset.state)) {
    location.reload();
    return;
  }
  if (now) show(now);
  setTimeout(look, PAUSE);
}

setTimeout(look, PAUSE);
