/* The wall: the host's screen, which the class looks at. Renders the host's state; every click is one
   command that names the `rev` it saw, so a second or a stale click changes nothing. */

import { Link } from "./live-link.js";
import { byId, readJson, recall, remember, setText, speaker } from "./live-dom.js";
import { renderStage } from "./live-wall-stage.js";

const CLICK_PATIENCE = 4000;
const config = readJson("live-config");
const t = speaker(readJson("live-texts"));
const body = document.body;

let state = null;
let tick = { players: 0, answered: 0 };
let hands = null;
let waiting = 0;
let waitingRev = 0;
let waitingTimer = 0;
let nextId = 1;
let drawn = "";
let endArmed = false;
let online = false;

const link = new Link({
  code: config.code,
  token: () => config.token,
  rev: () => (state ? state.rev : 0),
  onFrame: hear,
  onStatus: showStatus,
});

function hear(frame) {
  if (frame.t === "state") {
    if (state && frame.rev < state.rev) return;
    state = frame;
    if (waiting && !handsDiffer()) hands = null;
    show();
    // The room has moved: the next click is meant for what is on the wall now, even before the ack.
    if (waiting && frame.rev > waitingRev) settle(waiting);
  } else if (frame.t === "tick") {
    tick = frame;
    showCounts();
  } else if (frame.t === "ack") {
    settle(frame.id);
  } else if (frame.t === "error") {
    settle(frame.id);
    refused(frame);
  } else if (frame.t === "bye" && !frame.resume) {
    showBanner(frame.text);
  }
}

function refused(frame) {
  // The screen has already moved on: the fresh state that follows says more than an error.
  if (frame.code === "room.moved_on") hands = null;
  else if (frame.code === "token.bad") showBanner(t("host_lost"));
  else if (frame.code !== "command.not_now") showBanner(frame.text);
}

/* --- commands ------------------------------------------------------------------------------ */

function command(name, more) {
  if (!state || waiting) return;
  const message = Object.assign({ t: "host", id: nextId, rev: state.rev, do: name }, more || {});
  nextId += 1;
  if (!link.send(message)) return;
  waiting = message.id;
  waitingRev = message.rev;
  waitingTimer = window.setTimeout(() => settle(message.id), CLICK_PATIENCE);
}

function settle(id) {
  if (id !== waiting) return;
  window.clearTimeout(waitingTimer);
  waiting = 0;
  if (online && !/offline|connecting/.test(link.status)) showBanner("");
  sendHands();
}

/* Taps on ＋ are shown at once and sent one command at a time, always the newest counts. */
function hand(option, step) {
  if (!state || state.phase !== "open") return;
  hands = (hands || state.hands).slice();
  hands[option] = Math.max(0, Math.min(999, hands[option] + step));
  setText(byId(`hands-${option}`), String(hands[option]));
  sendHands();
  setText(byId("do-primary").querySelector(".words"), primaryWords(primary()));
}

function handsDiffer() {
  return hands && state.hands && hands.join() !== state.hands.join();
}

function sendHands() {
  if (!state || state.phase !== "open" || state.mode !== "hands") hands = null;
  else if (handsDiffer()) command("set_hands", { counts: hands });
  else hands = null;
}

function primary() {
  if (!state) return null;
  if (state.paused) return "resume";
  if (state.phase === "lobby") return "start";
  if (state.phase === "open") {
    return state.mode === "hands" || state.quiet ? "reveal" : "close";
  }
  if (state.phase === "closed") return "reveal";
  if (state.phase === "revealed") return "next";
  return null;
}

function uncounted() {
  const counts = hands || state.hands;
  return state.phase === "open" && counts && counts.every((count) => count === 0);
}

function primaryWords(name) {
  if (name === "reveal" && state.quiet) return t("reveal_quiet");
  if (name === "reveal" && uncounted()) return t("skip_counting");
  if (name === "next" && state.index + 1 === state.total) return t("finish");
  return t(name);
}

/* --- drawing ------------------------------------------------------------------------------- */

function show() {
  const asking = ["open", "closed", "revealed"].indexOf(state.phase) >= 0;
  body.setAttribute("data-phase", state.phase);
  body.setAttribute("data-paused", state.paused ? "yes" : "no");
  byId("lobby").hidden = state.phase !== "lobby";
  byId("paused").hidden = !state.paused;
  byId("stage").hidden = state.phase === "lobby" || state.paused;
  byId("join-strip").hidden = !(asking && state.mode === "phones");
  setText(byId("place"), asking ? t("question_of", { n: state.index + 1, total: state.total }) : "");
  setText(byId("kind"), asking ? t(`kind.${state.question.kind}`) : "");
  if (state.phase !== "lobby") draw();
  showButtons(asking);
  showCounts();
}

/* Redraw only what changed: a tap on ＋ must not lose its button to the answer of the tap before. */
function draw() {
  const same = Object.assign({}, state, { rev: 0, hands: state.hands ? state.hands.length : 0 });
  const picture = JSON.stringify(same);
  if (picture !== drawn) {
    drawn = picture;
    renderStage(byId("stage"), state, t, { hand });
    fit(byId("stage"));
  }
  if (state.hands && state.phase === "open") {
    (hands || state.hands).forEach((count, option) => {
      const node = byId(`hands-${option}`);
      if (node) setText(node, String(count));
    });
  }
}

/* Long questions step down in size, never below what the back row can read; then the stage scrolls. */
function fit(stage) {
  ["0", "1", "2"].some((step) => {
    stage.setAttribute("data-fit", step);
    return stage.scrollHeight <= stage.clientHeight;
  });
}

function showButtons(asking) {
  const name = primary();
  const open = asking && !state.paused;
  const shown = {
    back: open && state.index > 0,
    skip: open && state.phase !== "revealed",
    rethink: open && state.phase !== "open" && state.round < config.max_rounds,
    reveal: open && state.phase === "open" && name !== "reveal",
    pause: !state.paused && state.phase !== "ended",
    end: state.phase !== "ended",
  };
  Object.keys(shown).forEach((key) => {
    byId(`do-${key}`).hidden = !shown[key];
  });
  const button = byId("do-primary");
  button.hidden = !name;
  if (name) setText(button.querySelector(".words"), primaryWords(name));
  byId("back-to-lesson").hidden = state.phase !== "ended";
}

function showCounts() {
  if (!state || state.mode !== "phones") return;
  setText(byId("joined"), t("joined", { n: tick.players }));
  const open = state.phase === "open";
  setText(byId("received"), open ? t("received", { n: tick.answered, m: tick.players }) : "");
}

function showStatus(status) {
  const words = { offline: "offline", reconnecting: "reconnecting", polling: "polling", connecting: "connecting" };
  if (status === "online") online = true;
  if (status === "stopped") return;
  showBanner(words[status] ? t(words[status]) : "");
  if (status === "online" || status === "polling") waiting = 0;
}

function showBanner(text) {
  const banner = byId("banner");
  setText(banner, text);
  banner.hidden = !text;
}

/* --- buttons and keys ---------------------------------------------------------------------- */

const acts = {
  primary: () => {
    const name = primary();
    if (name) command(name);
  },
  back: () => command("back"),
  skip: () => command("skip"),
  rethink: () => command("rethink"),
  reveal: () => {
    if (state && (state.phase === "open" || state.phase === "closed")) command("reveal");
  },
  pause: () => command(state && state.paused ? "resume" : "pause"),
  end,
  full: fullScreen,
  theme,
  help: () => toggle("help"),
  black: () => toggle("black"),
};

function end() {
  const words = byId("do-end").querySelector(".words");
  if (endArmed) {
    command("end");
  } else {
    endArmed = true;
    setText(words, t("end_sure"));
    window.setTimeout(() => {
      endArmed = false;
      setText(words, t("end"));
    }, 4000);
  }
}

function toggle(id) {
  byId(id).hidden = !byId(id).hidden;
}

function fullScreen() {
  const root = document.documentElement;
  const ask = root.requestFullscreen || root.webkitRequestFullscreen;
  const leave = document.exitFullscreen || document.webkitExitFullscreen;
  if (document.fullscreenElement || document.webkitFullscreenElement) leave.call(document);
  else if (ask) ask.call(root);
}

function theme() {
  const light = body.getAttribute("data-theme") !== "light";
  body.setAttribute("data-theme", light ? "light" : "dark");
  remember("live.theme", light ? "light" : "dark");
}

const KEYS = {
  " ": "primary",
  PageDown: "primary",
  ArrowRight: "primary",
  PageUp: "back",
  ArrowLeft: "back",
  b: "black",
  ".": "black",
  r: "reveal",
  p: "pause",
  f: "full",
  F5: "full",
  "?": "help",
  Escape: "close",
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const act = KEYS[event.key] || KEYS[event.key.toLowerCase()];
  const onButton = event.target.closest && event.target.closest("button, a, input");
  if (!act || (onButton && event.key === " ")) return;
  if (act === "close") {
    byId("help").hidden = true;
    byId("black").hidden = true;
    return;
  }
  event.preventDefault();
  // A dark screen wakes at the first key; that key does nothing else.
  if (!byId("black").hidden) byId("black").hidden = true;
  else acts[act]();
});

Object.keys(acts).forEach((name) => {
  const button = byId(`do-${name}`);
  if (button) button.addEventListener("click", acts[name]);
});
byId("black").addEventListener("click", () => toggle("black"));
byId("close-help").addEventListener("click", () => toggle("help"));
window.addEventListener("resize", () => fit(byId("stage")));
body.setAttribute("data-theme", recall("live.theme") || "dark");
link.start();
