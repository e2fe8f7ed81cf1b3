/* A player's phone: join, answer, see the own result. Renders (state, me, pending) and nothing else. */

import { Link } from "./live-link.js";
import { byId, readJson, recall, remember, setText, speaker } from "./live-dom.js";
import { renderPhone } from "./live-phone-screen.js";

const config = readJson("live-config");
const t = speaker(readJson("live-texts"));
const memoryKey = `live.${config.code}`;
const memory = Object.assign({ token: null, key: null, name: "" }, recall(memoryKey));

const room = { state: null, me: null, picked: null, pending: null, note: "" };
let nextId = 1;
let joining = false;
let retryTimer = 0;

const link = new Link({
  code: config.code,
  token: () => memory.token,
  rev: () => (room.state ? room.state.rev : 0),
  onFrame: hear,
  onStatus: showStatus,
});

function keep() {
  remember(memoryKey, memory);
}

function newKey() {
  const bytes = new Uint8Array(16);
  window.crypto.getRandomValues(bytes);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function hear(frame) {
  if (frame.t === "welcome") welcomed(frame);
  else if (frame.t === "state") stateCame(frame);
  else if (frame.t === "me") meCame(frame);
  else if (frame.t === "ack") acked(frame);
  else if (frame.t === "error") refused(frame);
  else if (frame.t === "bye") said(frame);
}

function welcomed(frame) {
  if (frame.token) {
    memory.token = frame.token;
    keep();
  }
  if (frame.role === "guest") {
    if (joining && !retryTimer) sendJoin();
    else if (byId("join").hidden) showJoin();
    return;
  }
  joining = false;
  showRoom();
  // A socket that comes back sends again what was never acknowledged; the server counts it once.
  if (room.pending) link.send(room.pending);
}

function stateCame(frame) {
  if (room.state && frame.rev < room.state.rev) return;
  const moved = !room.state || frame.index !== room.state.index || frame.round !== room.state.round;
  room.state = frame;
  if (moved || frame.phase === "ended") {
    room.picked = null;
    room.pending = null;
    room.note = "";
  }
  if (frame.phase !== "open") room.pending = null;
  showRoom();
}

function meCame(frame) {
  const same = room.me && room.me.index === frame.index && room.me.round === frame.round;
  // A reading from before the reveal may arrive after the result: never unlearn.
  if (same && frame.chosen === null) frame.chosen = room.me.chosen;
  if (same && frame.right === null) frame.right = room.me.right;
  room.me = frame;
  showRoom();
}

function acked(frame) {
  if (!room.pending || room.pending.id !== frame.id) return;
  const { index, round, chosen } = room.pending;
  room.me = Object.assign({}, room.me, { index, round, chosen, right: null });
  room.pending = null;
  room.picked = null;
  room.note = "";
  showRoom();
}

function refused(frame) {
  if (frame.code === "token.bad" || frame.code === "token.missing") {
    memory.token = null;
    keep();
    room.state = null;
    showJoin(frame.text);
  } else if (frame.code === "rate.joins") {
    waitToJoin(frame.retry || 3);
  } else if (joining) {
    joining = false;
    showJoin(frame.text);
  } else if (frame.code === "room.unknown") {
    link.stop();
    showJoin(frame.text);
  } else if (room.pending && frame.id === room.pending.id) {
    room.pending = null;
    room.picked = null;
    room.note = frame.text;
    showRoom();
  } else {
    room.note = frame.text;
    showRoom();
  }
}

function said(frame) {
  if (!frame.resume) showBanner(frame.text);
}

/* --- joining ------------------------------------------------------------------------------- */

function showJoin(problem) {
  byId("join").hidden = false;
  byId("room").hidden = true;
  byId("join-button").disabled = joining;
  setText(byId("join-problem"), problem || (joining ? t("joining") : ""));
}

function sendJoin() {
  joining = true;
  showJoin();
  if (!memory.key) {
    memory.key = newKey();
    keep();
  }
  link.send({ t: "join", name: memory.name, key: memory.key });
}

function waitToJoin(seconds) {
  // The server asks for whole seconds; phones of one class spread over the next few.
  let left = seconds + Math.floor(Math.random() * 4);
  window.clearInterval(retryTimer);
  const count = () => {
    showJoin(t("join_retry", { n: left }));
    left -= 1;
    if (left >= 0) return;
    window.clearInterval(retryTimer);
    retryTimer = 0;
    sendJoin();
  };
  retryTimer = window.setInterval(count, 1000);
  count();
}

byId("join-form").addEventListener("submit", (event) => {
  event.preventDefault();
  memory.name = byId("name").value;
  sendJoin();
});

/* --- the room ------------------------------------------------------------------------------ */

function showRoom() {
  if (!room.state || !room.me) return;
  byId("join").hidden = true;
  byId("room").hidden = false;
  const seat = /^\d+$/.test(room.me.name);
  setText(byId("who"), t(seat ? "you_are_seat" : "you_are", { name: room.me.name }));
  renderPhone(byId("screen"), room, t, { pick, send });
}

function pick(option) {
  if (room.state.question.kind === "multiple") {
    const picked = new Set(room.picked || mine());
    if (picked.has(option)) picked.delete(option);
    else picked.add(option);
    room.picked = Array.from(picked).sort();
    showRoom();
    return;
  }
  room.picked = [option];
  send();
}

function mine() {
  const { me, state } = room;
  const current = me.index === state.index && me.round === state.round;
  return (current && me.chosen) || [];
}

function send() {
  const { state } = room;
  if (!room.picked || !room.picked.length) {
    room.note = t("choose_some");
    showRoom();
    return;
  }
  room.note = "";
  room.pending = {
    t: "answer",
    id: nextId,
    index: state.index,
    round: state.round,
    chosen: room.picked,
  };
  nextId += 1;
  link.send(room.pending);
  showRoom();
}

/* --- the line ------------------------------------------------------------------------------ */

function showStatus(status) {
  const words = { offline: "offline", reconnecting: "reconnecting", polling: "polling" };
  room.online = status === "online" || status === "polling";
  if (status !== "stopped") showBanner(words[status] ? t(words[status]) : "");
  if (status === "polling" && room.pending) link.send(room.pending);
  showRoom();
}

function showBanner(text) {
  const banner = byId("banner");
  setText(banner, text);
  banner.hidden = !text;
}

byId("name").value = memory.name || "";
if (!memory.token) showJoin();
link.start();
