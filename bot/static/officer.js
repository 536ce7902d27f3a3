// The page works without this file; with it, a new message shows itself and an SMS is measured.
"use strict";
(() => {
  const talk = document.getElementById("talk");
  const newer = document.getElementById("newer");
  const text = document.getElementById("text");
  const note = document.getElementById("note");
  const isWriting = () => [text, note].some((field) => field && field.value.trim());
  if (talk) {
    talk.scrollTop = talk.scrollHeight;
    const seen = talk.dataset.mark;
    // Who is writing is not interrupted; who is only looking sees the message at once.
    const changed = (mark) => {
      if (mark === seen) return;
      if (!isWriting()) window.location.reload();
      else if (mark.split("/")[0] !== seen.split("/")[0]) newer.hidden = false;
    };
    let polling = 0;
    const poll = () => {
      if (!polling) polling = window.setInterval(() => { if (!isWriting()) window.location.reload(); }, 10000);
    };
    if (window.EventSource) {
      const stream = new EventSource(talk.dataset.stream);
      stream.addEventListener("changed", (event) => changed(event.data));
      stream.addEventListener("open", () => { window.clearInterval(polling); polling = 0; });
      stream.addEventListener("error", poll);
    } else {
      poll();
    }
  }
  const fit = document.getElementById("fit");
  if (text && fit) {
    let waiting = 0;
    const measure = async () => {
      if (!text.value.trim()) { fit.replaceChildren(); return; }
      const answer = await fetch(fit.dataset.measure, { method: "POST", body: new URLSearchParams({ text: text.value }) });
      if (answer.status === 200) fit.innerHTML = await answer.text();
    };
    text.addEventListener("input", () => { window.clearTimeout(waiting); waiting = window.setTimeout(measure, 300); });
    measure();
  }
})();
