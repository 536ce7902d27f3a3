// Keeps a list on a page fresh. Without this file the list is as it was when the page was opened.
"use strict";
(() => {
  const live = document.querySelector("[data-live]");
  if (!live) return;
  let seen = live.dataset.mark;
  const refresh = async () => {
    const answer = await fetch(window.location.href, { headers: { "x-by-itself": "1" } });
    if (!answer.ok || answer.redirected) { window.location.reload(); return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(live.id);
    if (!fresh || fresh.innerHTML === live.innerHTML) return;
    const held = live.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    live.replaceChildren(...fresh.childNodes);
    if (held) live.querySelector(`[href="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
  };
  let polling = 0;
  const poll = () => { if (!polling) polling = window.setInterval(refresh, 5000); };
  if (!window.EventSource) { poll(); return; }
  const stream = new EventSource(live.dataset.live);
  stream.addEventListener("changed", (event) => {
    if (event.data === seen) return;
    seen = event.data;
    refresh();
  });
  stream.addEventListener("open", () => { window.clearInterval(polling); polling = 0; });
  stream.addEventListener("error", poll);
})();
