// The projector deck: one slide at a time, with keyboard, presenter remote, touch and a notes window.
// One plain file without imports: an offline pack opens it from a USB stick, where modules are refused.
(function () {
  "use strict";

  const root = document.documentElement;
  const body = document.body;
  const deck = document.getElementById("deck");
  const slides = Array.prototype.slice.call(deck.querySelectorAll(".slide"));
  const bar = document.querySelector(".bar");
  const place = document.querySelector(".bar__place");
  const curtain = document.querySelector(".curtain");
  const keys = document.querySelector(".keys");
  const clock = document.querySelector(".bar__clock");
  const clockName = clock.textContent;
  const fromFile = location.protocol === "file:";
  const LARGEST = -1;
  const SMALLEST = 6;
  let now = 0;
  let notes = null;
  let ends = 0;
  let ticking = 0;
  let dimming = 0;

  const onlySlide = () => slides[now];
  const clamp = (n) => Math.max(0, Math.min(slides.length - 1, n));

  // --- a slide that always fits its screen ---
  function overflows(slide) {
    return slide.scrollHeight > slide.clientHeight + 1 || slide.scrollWidth > slide.clientWidth + 1;
  }

  function tries(slide, tight) {
    slide.classList.toggle("is-tight", tight);
    for (let step = LARGEST; step <= SMALLEST; step += 1) {
      slide.setAttribute("data-fit", String(step));
      if (!overflows(slide)) return true;
      if (slide.classList.contains("is-open") && !tight && step === 1) return false;
    }
    return false;
  }

  // An opened answer may take the place of the options: it names the right one itself.
  function fit(slide) {
    const answer = slide.querySelector("details.answer");
    const open = Boolean(answer && answer.open);
    slide.classList.toggle("is-open", open);
    if (!tries(slide, false) && open) tries(slide, true);
  }

  // --- where we are ---
  function fromHash() {
    const number = parseInt(location.hash.slice(1), 10);
    return number >= 1 ? clamp(number - 1) : 0;
  }

  function keepPlace() {
    try {
      history.replaceState(null, "", "#" + (now + 1));
    } catch (refused) {
      location.hash = "#" + (now + 1);
    }
  }

  function show(index) {
    now = clamp(index);
    slides.forEach((slide, i) => {
      slide.classList.toggle("is-on", i === now);
      slide.setAttribute("aria-hidden", i === now ? "false" : "true");
    });
    fit(onlySlide());
    place.textContent = now + 1 + " / " + slides.length;
    bar.querySelector("[data-do=back]").disabled = now === 0;
    bar.querySelector("[data-do=next]").disabled = now === slides.length - 1;
    keepPlace();
    tellNotes();
    document.dispatchEvent(new CustomEvent("deck:slide"));
  }

  function next() {
    const answer = onlySlide().querySelector("details.answer");
    if (answer && !answer.open) {
      answer.open = true;
      fit(onlySlide());
    } else if (now < slides.length - 1) show(now + 1);
  }

  function back() {
    if (now > 0) show(now - 1);
  }

  // --- what the room can switch ---
  function toggleCurtain(wanted) {
    curtain.hidden = wanted === undefined ? !curtain.hidden : !wanted;
  }

  function toggleHelp(wanted) {
    keys.hidden = wanted === undefined ? !keys.hidden : !wanted;
    if (keys.hidden) deck.focus();
    else keys.focus();
  }

  function inFull() {
    return document.fullscreenElement || document.webkitFullscreenElement;
  }

  function toggleFull() {
    const act = inFull()
      ? document.exitFullscreen || document.webkitExitFullscreen
      : root.requestFullscreen || root.webkitRequestFullscreen;
    if (!act) return;
    const done = act.call(inFull() ? document : root);
    if (done && done.catch) done.catch(() => undefined);
  }

  function theme(name) {
    body.setAttribute("data-theme", name);
    try {
      localStorage.setItem("wall-theme", name);
    } catch (refused) {
      // Private windows and some USB sticks keep nothing: the theme then lasts for this page.
    }
  }

  function storedTheme() {
    try {
      return localStorage.getItem("wall-theme");
    } catch (refused) {
      return null;
    }
  }

  function tick() {
    const left = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
    const seconds = left % 60;
    clock.textContent = left ? Math.floor(left / 60) + ":" + (seconds < 10 ? "0" : "") + seconds : body.getAttribute("data-time-up");
    if (!left) stopTicking();
  }

  function stopTicking() {
    clearInterval(ticking);
    ticking = 0;
  }

  function toggleTimer() {
    const button = bar.querySelector("[data-do=timer]");
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    stopTicking();
    if (!on) {
      clock.textContent = clockName;
      return;
    }
    ends = Date.now() + Number(body.getAttribute("data-minutes")) * 60000;
    ticking = setInterval(tick, 500);
    tick();
  }

  function leave() {
    location.href = body.getAttribute("data-exit");
  }

  // --- the notes window ---
  function openNotes() {
    notes = window.open(body.getAttribute("data-notes"), "shiwufang-notes", "width=900,height=760");
  }

  function tellNotes() {
    if (!notes || notes.closed) return;
    notes.postMessage({ deck: "at", slide: now, total: slides.length }, fromFile ? "*" : location.origin);
  }

  window.addEventListener("message", (event) => {
    const ours = fromFile ? event.origin === "null" || event.origin === "file://" : event.origin === location.origin;
    const data = event.data;
    if (!ours || !data || typeof data !== "object") return;
    if (data.notes === "hello") {
      notes = event.source; // also after this page was reloaded and forgot the window it had opened
      tellNotes();
    } else if (data.notes === "move" && (data.by === 1 || data.by === -1)) {
      if (data.by === 1) next();
      else back();
      tellNotes();
    }
  });

  // --- hands ---
  const acts = {
    next: next,
    back: back,
    exit: leave,
    timer: toggleTimer,
    theme: () => theme(body.getAttribute("data-theme") === "light" ? "dark" : "light"),
    notes: openNotes,
    full: toggleFull,
    help: () => toggleHelp(),
  };

  const byKey = {
    PageDown: next, ArrowRight: next, ArrowDown: next, " ": next, Enter: next,
    PageUp: back, ArrowLeft: back, ArrowUp: back, Backspace: back,
    Home: () => show(0), End: () => show(slides.length - 1),
    b: () => toggleCurtain(), ".": () => toggleCurtain(),
    F5: toggleFull, f: toggleFull, n: openNotes, t: toggleTimer, l: acts.theme,
    "?": acts.help, h: acts.help,
  };

  function escape() {
    if (!keys.hidden) toggleHelp(false);
    else if (!curtain.hidden) toggleCurtain(false);
    else if (inFull()) toggleFull();
    else leave();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    wake();
    if (event.key === "Escape") {
      event.preventDefault();
      escape();
      return;
    }
    const onControl = event.target.closest && event.target.closest("button, a, summary, video");
    if (onControl && (event.key === " " || event.key === "Enter")) return;
    const act = byKey[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    if (!curtain.hidden && act !== byKey.b && act !== byKey["."]) toggleCurtain(false);
    else if (!keys.hidden && (act === next || act === back)) toggleHelp(false);
    else act();
  });

  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    const act = button && acts[button.getAttribute("data-do")];
    if (!act) return;
    act();
    // After a touch the button must not keep the focus: the remote's space key would press it again.
    if (event.detail > 0) button.blur();
  });
  curtain.addEventListener("click", () => toggleCurtain(false));
  keys.addEventListener("click", () => toggleHelp(false));

  let start = null;
  deck.addEventListener("touchstart", (event) => {
    start = event.touches.length === 1 ? { x: event.touches[0].clientX, y: event.touches[0].clientY } : null;
  }, { passive: true });
  deck.addEventListener("touchend", (event) => {
    if (!start) return;
    const across = event.changedTouches[0].clientX - start.x;
    const down = event.changedTouches[0].clientY - start.y;
    start = null;
    if (Math.abs(across) < 60 || Math.abs(across) < 2 * Math.abs(down)) return;
    if (across < 0) next();
    else back();
  });

  // --- the bar steps back while nobody touches it ---
  function wake() {
    bar.classList.remove("is-dim");
    clearTimeout(dimming);
    dimming = setTimeout(() => bar.classList.add("is-dim"), 6000);
  }
  ["mousemove", "touchstart", "focusin"].forEach((name) => document.addEventListener(name, wake, { passive: true }));

  deck.addEventListener("toggle", () => fit(onlySlide()), true);
  deck.addEventListener("load", () => fit(onlySlide()), true);
  window.addEventListener("resize", () => fit(onlySlide()));
  window.addEventListener("hashchange", () => {
    if (fromHash() !== now) show(fromHash());
  });

  root.classList.remove("no-js");
  bar.hidden = false;
  if (storedTheme() === "light") theme("light");
  if (!root.requestFullscreen && !root.webkitRequestFullscreen) bar.querySelector("[data-do=full]").hidden = true;
  show(fromHash());
  wake();
})();
