/* Sentences about a distribution: “62% 选了 B：…” comes before any bar. Pure. */

import { letter } from "./live-dom.js";

export function percent(count, answered) {
  return answered ? Math.round((100 * count) / answered) : 0;
}

function label(state, option) {
  return `${letter(option)}：${state.question.options[option]}`;
}

/* The sentence for the newest round of a closed or revealed question; "" when there is nothing to say. */
export function shareSentence(state, t) {
  const rounds = state.result ? state.result.rounds : [];
  if (!rounds.length) return "";
  const { counts, answered } = rounds[rounds.length - 1];
  if (answered === null) return "";
  if (!answered) return state.mode === "hands" ? "" : t("nobody");
  const most = Math.max(...counts);
  const tops = counts.map((count, option) => (count === most ? option : -1)).filter((o) => o >= 0);
  const share = percent(most, answered);
  const key = state.result.key;
  if (state.question.kind === "multiple") {
    return t("most_multiple", { share, option: label(state, tops[0]) });
  }
  if (key && counts[key[0]] === answered) return t("class_well");
  if (tops.length > 1) {
    return t("tied", { options: tops.map(letter).join(t("mark")), share });
  }
  const option = label(state, tops[0]);
  if (!key) return t("most_unknown", { option, share });
  return t(key.indexOf(tops[0]) >= 0 ? "most_right" : "most_wrong", { option, share });
}
