/* What a phone shows for (state, me, pending): one function, no memory of its own. */

import { day, el, fill, letter, shape, sign } from "./live-dom.js";
import { optionOrder } from "./live-order.js";

/* room: {state, me, picked, pending, note, online}; act: {pick(option), send()} */
export function renderPhone(screen, room, t, act) {
  const { state } = room;
  screen.setAttribute("data-phase", state.phase);
  if (state.phase === "ended") fill(screen, ended(state, t));
  else if (state.paused) fill(screen, notice(t("paused"), t("paused_note")));
  else if (state.phase === "lobby") fill(screen, notice(state.title, t("wait_start")));
  else if (state.mode === "hands") fill(screen, notice(state.title, t("hands_mode")));
  else fill(screen, ...question(room, t, act));
}

function notice(title, text) {
  return el("div", { class: "notice" }, el("h1", {}, title), el("p", {}, text));
}

function ended(state, t) {
  const node = notice(t("ended"), t("ended_note"));
  if (state.delete_on) {
    node.appendChild(el("p", { class: "small" }, t("delete_on", { date: day(state.delete_on) })));
  }
  return node;
}

function question(room, t, act) {
  const { state } = room;
  const asked = state.question;
  const current = room.me.index === state.index && room.me.round === state.round;
  const mine = (current && room.me.chosen) || [];
  const head = el(
    "div",
    { class: "head" },
    el(
      "p",
      { class: "count" },
      t("question_of", { n: state.index + 1, total: state.total }),
      " · ",
      t(`kind.${asked.kind}`)
    ),
    el("h1", { class: "stem" }, asked.stem),
    state.round > 1 && state.phase === "open" ? el("p", { class: "again" }, t("again")) : null
  );
  if (state.phase !== "open") return [head, result(room, mine, t)];
  return [head, options(room, mine, t, act)];
}

function options(room, mine, t, act) {
  const { state } = room;
  const asked = state.question;
  const chosen = room.picked || mine;
  const order = optionOrder(room.me.seed, state.index, asked.options.length, asked.kind);
  const list = el("div", { class: "options", role: "group" });
  order.forEach((option) => {
    const on = chosen.indexOf(option) >= 0;
    list.appendChild(
      el(
        "button",
        {
          type: "button",
          class: on ? "option on" : "option",
          "aria-pressed": on ? "true" : "false",
          "data-option": option,
          onclick: () => act.pick(option),
        },
        shape(option),
        el("span", {}, asked.options[option])
      )
    );
  });
  const multiple = asked.kind === "multiple";
  return el(
    "div",
    { class: "answering" },
    list,
    multiple
      ? el("button", { type: "button", class: "primary", id: "send", onclick: act.send }, t("send"))
      : null,
    el("p", { class: "note", role: "status", id: "note" }, noteOf(room, mine, t))
  );
}

function noteOf(room, mine, t) {
  if (room.note) return room.note;
  if (room.pending) return room.online ? t("sending") : t("not_sent");
  if (mine.length && !room.picked) return t("received");
  return "";
}

function named(state, chosen, t) {
  return chosen
    .map((option) => `${letter(option)} ${state.question.options[option]}`)
    .join(t("mark"));
}

function result(room, mine, t) {
  const { state } = room;
  const told = state.result;
  const box = el("div", { class: "result" });
  if (state.phase === "closed") {
    box.appendChild(el("p", { class: "verdict" }, t(mine.length ? "closed_mine" : "closed_none")));
    if (mine.length) box.appendChild(own(state, mine, t));
    return box;
  }
  box.appendChild(verdict(room, mine, t));
  if (mine.length) box.appendChild(own(state, mine, t));
  if (told.key) {
    box.appendChild(el("p", { class: "key" }, t("key_is", { options: named(state, told.key, t) })));
  }
  box.appendChild(el("p", { class: "explanation" }, told.explanation));
  if (told.help.length) box.appendChild(help(told.help, t));
  if (told.source) box.appendChild(el("p", { class: "small" }, t("source", { source: told.source })));
  return box;
}

function own(state, mine, t) {
  return el("p", { class: "mine" }, t("your_answer", { options: named(state, mine, t) }));
}

function verdict(room, mine, t) {
  if (room.state.quiet) return el("p", { class: "verdict" }, t("quiet_done"));
  if (!mine.length) return el("p", { class: "verdict" }, t("no_answer"));
  if (room.me.right === null || room.me.right === undefined) return el("p", { class: "verdict" });
  return el(
    "p",
    { class: room.me.right ? "verdict right" : "verdict wrong" },
    sign(room.me.right),
    el("span", {}, t(room.me.right ? "right" : "wrong"))
  );
}

function help(numbers, t) {
  const list = el("ul", { class: "help-numbers" });
  numbers.forEach((number) => {
    list.appendChild(
      el(
        "li",
        {},
        el("a", { href: `tel:${number}` }, number),
        el("span", {}, t(`help.${number}`))
      )
    );
  });
  return el("div", {}, el("p", { class: "help-lead" }, t("help.lead")), list);
}
