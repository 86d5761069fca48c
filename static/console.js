// What HTML cannot do. Every page works without it.

// A menu closes when a person presses elsewhere, or Escape.
addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// A toast passes: its link to the same page would take it away too.
addEventListener("click", (event) => {
  const dismiss = event.target.closest(".toast > .btn");
  if (!dismiss) return;
  event.preventDefault();
  dismiss.closest(".toast").remove();
});

// What a person has unfolded stays unfolded when its fragment replaces itself.
let unfolded = [];
addEventListener("htmx:beforeSwap", (event) => {
  const open = event.detail.target.querySelectorAll("details[id][open]");
  unfolded = [...open].map((details) => details.id);
});
addEventListener("htmx:afterSwap", () => {
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
});

// After a swap that somebody asked for, focus goes to what came: a panel that can take it.
addEventListener("htmx:afterSettle", (event) => {
  const panel = event.detail.elt;
  if (panel.matches?.("[tabindex='-1']") && event.detail.requestConfig?.triggeringEvent?.type === "click") {
    panel.focus();
  }
});

// A chosen theme holds at once: from here on the radio buttons decide, not the server's attribute.
addEventListener("change", (event) => {
  if (event.target.name === "theme") document.documentElement.removeAttribute("data-theme");
});
