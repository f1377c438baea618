// In tables the up and down keys move between the links and buttons of neighbouring rows.
document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const row = event.target.closest?.("table.data tbody tr");
  if (!row || event.target.matches("input, select, textarea")) return;
  const reach = (tr) => [...tr.querySelectorAll("a[href], button:not(:disabled), summary")];
  const column = reach(row).indexOf(event.target);
  let next = row;
  do next = event.key === "ArrowDown" ? next.nextElementSibling : next.previousElementSibling;
  while (next && reach(next).length === 0);
  if (!next) return;
  event.preventDefault();
  const targets = reach(next);
  targets[Math.min(Math.max(column, 0), targets.length - 1)].focus();
});
