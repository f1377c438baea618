// Keeps Bootstrap's theme attribute in step with the device when the person follows it, and tells charts and editors.
const root = document.documentElement;
const dark = window.matchMedia("(prefers-color-scheme: dark)");

function follow() {
  if (root.dataset.theme !== "auto") return;
  root.dataset.bsTheme = dark.matches ? "dark" : "light";
  root.dispatchEvent(new CustomEvent("themechange", { detail: root.dataset.bsTheme }));
}

follow();
dark.addEventListener("change", follow);
