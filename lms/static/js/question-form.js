/* The question form: the preview follows what is typed, and more options come without a reload. */

const form = document.querySelector(".question-form");
const shown = document.querySelector("[data-preview-here]");
const MOST_OPTIONS = 10;
const PAUSE = 400;
let timer;
let asked = 0;

async function preview() {
  const turn = (asked += 1);
  const response = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) }).catch(() => null);
  if (response?.ok && turn === asked) shown.innerHTML = await response.text();
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(preview, PAUSE);
}

function addRow(list) {
  const at = list.children.length;
  const row = list.lastElementChild.cloneNode(true);
  const letter = "ABCDEFGHIJ"[at];
  const before = "ABCDEFGHIJ"[at - 1];
  const key = row.querySelector(".key input");
  key.value = letter.toLowerCase();
  key.checked = false;
  for (const span of row.querySelectorAll(".key span")) span.textContent = span.textContent.replace(before, letter);
  for (const text of row.querySelectorAll("textarea")) {
    text.name = text.id = text.name.replace(/options-\d+/, `options-${at}`);
    text.value = text.defaultValue = "";
    text.setAttribute("aria-label", text.getAttribute("aria-label").replace(before, letter));
  }
  list.append(row);
  return row;
}

/* Another type of question keeps what was typed; options and keys only where both types have them. */
function changeType(event) {
  const typed = [...form.querySelectorAll("textarea")].some((field) => field.value.trim());
  if (!typed) return;
  event.preventDefault();
  if (`${form.action} ${event.currentTarget.href}`.includes("true_false")) {
    for (const field of form.querySelectorAll("[name^=options-], [name=keys]")) field.disabled = true;
  }
  form.insertAdjacentHTML("beforeend", '<input type="hidden" name="act" value="preview">');
  form.action = event.currentTarget.href;
  form.submit();
}

for (const tab of document.querySelectorAll('.tabs a[href*="/questions/new"]')) tab.addEventListener("click", changeType);
form.addEventListener("input", soon);
form.addEventListener("change", soon);
form.querySelector("[data-more]")?.addEventListener("click", (event) => {
  event.preventDefault();
  const list = form.querySelector(".option-rows");
  addRow(list).querySelector("textarea").focus();
  if (list.children.length >= MOST_OPTIONS) event.currentTarget.remove();
});
if (form.querySelector("[name=stem_en]").value || form.querySelector("[name=stem_zh]").value) preview();
