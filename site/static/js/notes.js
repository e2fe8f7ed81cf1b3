// The teacher's notes, kept in step with the deck that opened this window, in both directions.
// It says hello every two seconds, so a deck that was reloaded finds its notes again.
(function () {
  "use strict";

  const notes = Array.prototype.slice.call(document.querySelectorAll(".note"));
  const state = document.querySelector(".notes__state");
  const alone = state.textContent;
  const fromFile = location.protocol === "file:";
  const target = fromFile ? "*" : location.origin;
  let heard = 0;
  let at = -1;

  function say(message) {
    if (!window.opener || window.opener.closed) return false;
    window.opener.postMessage(message, target);
    return true;
  }

  function mark(slide) {
    notes.forEach((note) => {
      const on = note.getAttribute("data-slide") === String(slide);
      note.classList.toggle("is-on", on);
      if (on) note.setAttribute("aria-current", "true");
      else note.removeAttribute("aria-current");
      if (on && slide !== at) note.scrollIntoView({ block: "start" });
    });
    at = slide;
  }

  function hello() {
    const there = say({ notes: "hello" });
    if (!there || Date.now() - heard > 5000) state.textContent = alone;
  }

  window.addEventListener("message", (event) => {
    const ours = fromFile ? event.origin === "null" || event.origin === "file://" : event.origin === location.origin;
    const data = event.data;
    if (!ours || !data || data.deck !== "at") return;
    heard = Date.now();
    const words = data.slide + 1 + " / " + data.total;
    if (state.textContent !== words) state.textContent = words;
    mark(data.slide);
  });

  function move(by) {
    if (say({ notes: "move", by: by })) return;
    const next = Math.max(0, Math.min(notes.length - 1, at + by));
    mark(next); // no deck: the notes can still be paged by themselves
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (button) move(Number(button.getAttribute("data-move")));
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "PageDown" || event.key === "ArrowRight") move(1);
    else if (event.key === "PageUp" || event.key === "ArrowLeft") move(-1);
    else return;
    event.preventDefault();
  });

  setInterval(hello, 2000);
  hello();
})();
