// The page works without this file; with it, answers appear by themselves and can be listened to.
"use strict";
(() => {
  const log = document.getElementById("log");
  const write = document.getElementById("write");
  const status = document.getElementById("status");
  if (!log || !write) return;
  const bottom = () => { log.scrollTop = log.scrollHeight; };
  // What is new is read from its beginning, also where it is longer than the window.
  const show = (first) => {
    const top = log.scrollTop + first.getBoundingClientRect().top - log.getBoundingClientRect().top;
    log.scrollTop = Math.min(top, log.scrollHeight - log.clientHeight);
  };
  const keys = () => new Set([...log.querySelectorAll("[data-key]")].map((line) => line.dataset.key));

  // Only what is new is added, so that a screen reader reads only that.
  const take = (html) => {
    const fresh = new DOMParser().parseFromString(`<div>${html}</div>`, "text/html").body.firstChild;
    const known = keys();
    const lines = [...fresh.children].filter((part) => part.dataset.key && !known.has(part.dataset.key));
    if (!lines.length) return;
    log.querySelectorAll("[data-quick], [data-key=hello]").forEach((old) => old.remove());
    log.append(...lines, ...fresh.querySelectorAll("[data-quick]"));
    listenable();
    show(lines.find((part) => part.matches(".ours")) || lines[0]);
  };
  const refresh = async () => {
    const answer = await fetch("/chat/lines", { headers: { "x-fragment": "1" } });
    if (answer.ok) take(await answer.text());
    const phones = document.getElementById("phones");
    if (phones) {
      const seen = await fetch("/chat/phones");
      if (seen.ok) phones.innerHTML = await seen.text();
    }
  };
  const say = (text, bad) => { status.textContent = text; status.classList.toggle("bad", Boolean(bad)); };

  // A message that did not go is kept in the field, and sent again under the same key.
  const send = async (form, extra) => {
    const data = new URLSearchParams(new FormData(form));
    for (const [name, value] of Object.entries(extra || {})) data.set(name, value);
    if (!(data.get("text") || "").trim()) return;
    say(status.dataset.sending);
    try {
      const answer = await fetch("/chat", { method: "POST", body: data, headers: { "x-fragment": "1" } });
      if (!answer.ok) throw new Error(String(answer.status));
      take(await answer.text());
      write.text.value = "";
      write.nonce.value = [...crypto.getRandomValues(new Uint8Array(16))].join("-");
      say("");
    } catch {
      say(status.dataset.failed, true);
    }
    rest(extra);
  };
  // A keyboard on the screen would cover the answer; who pressed a button is not made to write.
  const rest = (pressed) => {
    if (window.matchMedia("(pointer: coarse)").matches) write.text.blur();
    else if (pressed) log.focus({ preventScroll: true });
    else write.text.focus({ preventScroll: true });
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.getAttribute("action") !== "/chat") return;
    event.preventDefault();
    const button = event.submitter;
    send(form, button && button.name ? { [button.name]: button.value } : null);
  });

  // Reading aloud, by the browser's own voice.
  const voice = window.speechSynthesis;
  const listenable = () => {
    if (!voice) return;
    log.querySelectorAll(".ours:not([data-hear])").forEach((line) => {
      line.dataset.hear = "1";
      const button = document.createElement("button");
      button.type = "button";
      button.className = "hear";
      button.textContent = "🔊";
      button.setAttribute("aria-label", log.dataset.listen);
      button.title = log.dataset.listen;
      button.addEventListener("click", () => {
        const speaking = voice.speaking;
        voice.cancel();
        if (speaking) return;
        const words = new SpeechSynthesisUtterance(line.querySelector(".text").innerText);
        words.lang = "vi-VN";
        words.rate = 0.9;
        voice.speak(words);
      });
      line.querySelector(".from").append(button);
    });
  };

  // Live by a stream; by asking every five seconds where a stream does not get through.
  let polling = 0;
  const poll = () => { if (!polling) polling = window.setInterval(refresh, 5000); };
  if (window.EventSource) {
    const stream = new EventSource("/chat/stream");
    stream.addEventListener("changed", refresh);
    stream.addEventListener("open", () => { window.clearInterval(polling); polling = 0; });
    stream.addEventListener("error", poll);
  } else {
    poll();
  }
  listenable();
  bottom();
  const last = [...log.querySelectorAll(".ours")].pop();
  if (last) show(last);
})();
