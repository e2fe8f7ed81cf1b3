// Reads aloud with the computer's own Chinese voice: the slide on the wall, or the steps of the page.
// Nothing is sent anywhere; where the browser cannot speak, the buttons stay hidden.
(function () {
  "use strict";

  const buttons = Array.prototype.slice.call(document.querySelectorAll("[data-speak], [data-do=speak]"));
  const able = "speechSynthesis" in window && "SpeechSynthesisUtterance" in window;
  let active = null;

  // 拼音 would be read as letters; sources, hints to the teacher and closed answers are not for the ear.
  const SKIP = "rt, .source, .teacher, .kind, summary, button, script, [hidden], .option__mark, details:not([open])";
  const PIECES = "h1, h2, h3, p, li, dt, dd, figcaption, img";

  function textOf(element) {
    if (element.tagName === "IMG") return element.alt;
    const copy = element.cloneNode(true);
    Array.prototype.forEach.call(copy.querySelectorAll("rt"), (rt) => rt.remove());
    return copy.textContent.replace(/\s+/g, " ").trim();
  }

  function sentences(scope) {
    const found = [];
    Array.prototype.forEach.call(scope.querySelectorAll(PIECES), (element) => {
      if (element.closest(SKIP)) return;
      const letter = element.querySelector(".option__mark");
      const text = textOf(element);
      if (!text) return;
      // Chromium drops the rest of a long utterance, so each sentence is one.
      (text.match(/[^。？！；]+[。？！；]*/g) || []).forEach((part) => {
        if (part.trim()) found.push(letter ? part.trim().replace(/^([A-D])/, "$1，") : part.trim());
      });
    });
    return found;
  }

  function stop() {
    if (!active) return;
    active.setAttribute("aria-pressed", "false");
    active = null;
    window.speechSynthesis.cancel();
  }

  function voice() {
    const all = window.speechSynthesis.getVoices().filter((v) => /^(zh|cmn)/i.test(v.lang));
    return all.filter((v) => v.localService)[0] || null;
  }

  function speak(button, scope) {
    const parts = sentences(scope);
    if (!parts.length) return;
    window.speechSynthesis.cancel();
    active = button;
    button.setAttribute("aria-pressed", "true");
    const chosen = voice();
    parts.forEach((part, i) => {
      const words = new SpeechSynthesisUtterance(part);
      words.lang = "zh-CN";
      words.rate = 0.9;
      if (chosen) words.voice = chosen;
      if (i === parts.length - 1) words.onend = () => { if (active === button) stop(); };
      window.speechSynthesis.speak(words);
    });
  }

  buttons.forEach((button) => {
    button.hidden = !able;
    if (!able) return;
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      if (active === button) {
        stop();
        return;
      }
      stop();
      const wanted = button.getAttribute("data-speak");
      const scope = document.querySelector(wanted || ".slide.is-on");
      if (scope) speak(button, scope);
    });
  });

  if (!able) return;
  document.addEventListener("deck:slide", stop);
  window.addEventListener("pagehide", stop);
})();
