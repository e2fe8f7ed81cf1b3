/* What the wall shows for a host's state: one function a phase, no memory of its own. */

import { day, el, fill, letter, shape, sign } from "./live-dom.js";
import { percent, shareSentence } from "./live-words.js";

/* act: {hand(option, step)}; lobby: the server-made lobby element */
export function renderStage(stage, state, t, act) {
  stage.setAttribute("data-phase", state.phase);
  if (state.phase === "ended") fill(stage, ...ending(state, t));
  else fill(stage, ...asking(state, t, act));
}

function asking(state, t, act) {
  const asked = state.question;
  const revealed = state.phase === "revealed";
  const sentence = shareSentence(state, t);
  const list = el("ol", { class: `wall-options n${asked.options.length} ${asked.kind}` });
  asked.options.forEach((text, option) => list.appendChild(optionCard(state, option, text, t, act)));
  const parts = [el("h1", { class: "stem" }, asked.stem)];
  if (sentence) parts.push(el("p", { class: "sentence", role: "status" }, sentence));
  parts.push(list);
  if (revealed) parts.push(explanation(state, t));
  return parts;
}

function optionCard(state, option, text, t, act) {
  const told = state.result;
  const key = told && told.key;
  const right = key ? key.indexOf(option) >= 0 : null;
  const names = ["wall-option"];
  if (right === true) names.push("is-right");
  if (right === false) names.push("is-other");
  const card = el("li", { class: names.join(" "), "data-option": option });
  card.appendChild(
    el(
      "div",
      { class: "wall-option-line" },
      shape(option),
      el("span", { class: "wall-option-text" }, text),
      right === null ? null : el("span", { class: "verdict" }, sign(right), el("span", {}, t(right ? "right_option" : "wrong_option")))
    )
  );
  if (told) {
    const many = told.rounds.length > 1;
    told.rounds.forEach((round) => card.appendChild(bar(round, option, many, t)));
  } else if (state.hands) {
    card.appendChild(counter(state, option, t, act));
  }
  return card;
}

function bar(round, option, many, t) {
  const count = round.counts[option];
  const known = round.answered !== null;
  const share = known ? percent(count, round.answered) : 0;
  const full = el("span", { class: "bar-fill" });
  full.style.width = `${share}%`;
  return el(
    "div",
    { class: "bar-row" },
    many ? el("span", { class: "bar-name" }, t("round", { n: round.round })) : null,
    known ? el("span", { class: "bar" }, full) : null,
    el("span", { class: "bar-number" }, known ? `${share}%` : t("people", { n: count }))
  );
}

function counter(state, option, t, act) {
  const button = (step, sign_, name) =>
    el(
      "button",
      {
        type: "button",
        class: "hand-button",
        "aria-label": t(name, { letter: letter(option) }),
        onclick: () => act.hand(option, step),
      },
      sign_
    );
  return el(
    "div",
    { class: "hand-row" },
    button(-1, "－", "less"),
    el("output", { class: "hand-count", id: `hands-${option}` }, String(state.hands[option])),
    button(1, "＋", "more")
  );
}

function explanation(state, t) {
  const told = state.result;
  const box = el("div", { class: "explanation" }, el("p", {}, told.explanation));
  if (told.help.length) {
    const list = el("ul", { class: "help-numbers" });
    told.help.forEach((number) =>
      list.appendChild(
        el("li", {}, el("strong", {}, number), " ", el("span", {}, t(`help.${number}`)))
      )
    );
    box.appendChild(el("p", { class: "help-lead" }, t("help.lead")));
    box.appendChild(list);
  }
  if (told.source) box.appendChild(el("p", { class: "source" }, t("source", { source: told.source })));
  return box;
}

function ending(state, t) {
  const rows = state.summary;
  const parts = [el("h1", { class: "stem" }, t("ended"))];
  if (!rows.length) parts.push(el("p", { class: "sentence" }, t("no_questions_done")));
  else if (!state.quiet) {
    const worst = rows.some((row) => row.worst);
    parts.push(el("p", { class: "sentence" }, t(worst ? "worst_first" : "no_worst")));
  }
  const list = el("ol", { class: "summary" });
  rows.forEach((row) => list.appendChild(summaryRow(row, state.quiet, t)));
  parts.push(list);
  if (state.delete_on) {
    parts.push(el("p", { class: "source" }, t("delete_on", { date: day(state.delete_on) })));
  }
  return parts;
}

function summaryRow(row, quiet, t) {
  const words = el(
    "div",
    { class: "summary-words" },
    el("p", { class: "summary-stem" }, `${row.index + 1}. ${row.stem}`),
    row.key ? el("p", { class: "summary-key" }, t("key_is", { options: row.key.join(t("mark")) })) : null,
    quiet ? el("p", { class: "summary-key" }, row.explanation) : null
  );
  const line = el("li", { class: row.worst ? "summary-row worst" : "summary-row" }, words);
  if (!quiet) line.appendChild(summaryShare(row, t));
  return line;
}

function summaryShare(row, t) {
  const box = el("div", { class: "summary-share" });
  if (row.share === null) {
    box.appendChild(el("p", { class: "summary-none" }, t("no_share")));
    return box;
  }
  const full = el("span", { class: "bar-fill" });
  full.style.width = `${row.share}%`;
  box.appendChild(el("p", {}, t("share_right", { share: row.share })));
  box.appendChild(el("span", { class: "bar" }, full));
  return box;
}
