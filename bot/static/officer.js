// The page works without this file; with it, a new message is announced and the answer is counted.
"use strict";
(() => {
  const talk = document.getElementById("talk");
  const newer = document.getElementById("newer");
  const text = document.getElementById("text");
  if (talk) {
    talk.scrollTop = talk.scrollHeight;
    const seen = talk.dataset.mark;
    const changed = (mark) => {
      if (mark === seen) return;
      // Who is writing is not interrupted; who is only looking sees the message at once.
      if (text && text.value.trim()) newer.hidden = false; else window.location.reload();
    };
    if (window.EventSource) {
      const stream = new EventSource(talk.dataset.stream);
      stream.addEventListener("changed", (event) => changed(event.data));
    } else {
      window.setInterval(() => { if (!(text && text.value.trim())) window.location.reload(); }, 5000);
    }
  }
  if (text) {
    const count = document.getElementById("count");
    const unaccented = (s) => s.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d").replace(/Đ/g, "D");
    const tell = () => {
      const letters = (text.dataset.channel === "sms" ? unaccented(text.value) : text.value).length;
      const parts = letters <= 160 ? 1 : Math.ceil(letters / 153);
      count.textContent = text.dataset.count.replace("{letters}", letters).replace("{segments}", parts);
    };
    text.addEventListener("input", tell);
    tell();
  }
})();
