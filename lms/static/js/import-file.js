/* Bringing a file: drop it anywhere on the form, learn at once if it is too large, send it once. */

const form = document.querySelector(".import-form");
const input = form.querySelector("[type=file]");
const largest = Number(form.dataset.largest);
let depth = 0;

function check() {
  const [file] = input.files;
  input.setCustomValidity(file && file.size > largest ? form.dataset.tooLarge : "");
  if (file) input.reportValidity();
}

function over(change) {
  depth = Math.max(0, depth + change);
  form.classList.toggle("dropping", depth > 0);
}

const hasFile = (event) => [...event.dataTransfer.types].includes("Files");

form.addEventListener("dragenter", (event) => hasFile(event) && over(1));
form.addEventListener("dragleave", (event) => hasFile(event) && over(-1));
form.addEventListener("dragover", (event) => hasFile(event) && event.preventDefault());
form.addEventListener("drop", (event) => {
  if (!hasFile(event)) return;
  event.preventDefault();
  over(-depth);
  const one = new DataTransfer();
  one.items.add(event.dataTransfer.files[0]);
  input.files = one.files;
  check();
  input.focus();
});
input.addEventListener("change", check);

// A second click while the file is on its way would bring it twice.
let sent = false;
form.addEventListener("submit", (event) => {
  if (sent) event.preventDefault();
  sent = true;
});
addEventListener("pageshow", () => (sent = false));
