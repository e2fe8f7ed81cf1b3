/* The question editor: fields of the chosen kind, rows, keys, live preview, near-duplicates, pictures.
   Everything it does can be done without it by the form's own buttons. */

const form = document.getElementById("bank-form");
const CALM = 350; // ms after the last key before the preview and the duplicates are asked for
const RETRY = 4000;

/* --- kinds: show what the chosen kind needs ---------------------------------------------------- */
function bodyOf(node) {
  return node.closest("[data-prefix]");
}

function chosenKind(body) {
  const name = body.getAttribute("data-prefix") + "kind";
  const on = body.querySelector(`input[name="${name}"]:checked`);
  return on ? on.value : "single";
}

function showKind(body) {
  const kind = chosenKind(body);
  const scope = body.getAttribute("data-prefix") ? body : form;
  scope.querySelectorAll("[data-kinds]").forEach((part) => {
    const owner = bodyOf(part);
    if (owner && owner !== body) return;
    part.hidden = part.getAttribute("data-kinds").split(" ").indexOf(kind) < 0;
  });
}

/* --- rows: a new one below the last, with the next number --------------------------------------- */
function renumber(row, group, number) {
  const pattern = new RegExp(`(${group}-)\\d+(-)`);
  ["name", "id", "for", "data-prefix", "data-picture-of", "aria-describedby"].forEach((attribute) => {
    row.querySelectorAll(`[${attribute}]`).forEach((node) => {
      node.setAttribute(attribute, node.getAttribute(attribute).replace(pattern, `$1${number}$2`));
    });
  });
  row.querySelectorAll("[name]").forEach((field) => {
    if (field.type === "checkbox") field.checked = false;
    else if (field.type !== "radio") field.value = "";
  });
  row.querySelectorAll("[data-picture-of]").forEach((box) => showPicture(box, "", ""));
  row.querySelectorAll(".bank-fault").forEach((fault) => { fault.textContent = ""; });
}

function letterOf(row, number) {
  const letter = "ABCDEFGH"[number];
  const mark = row.querySelector(".shape, .ring");
  if (!mark) return;
  const twin = document.querySelector(`#letters [data-letter="${letter}"]`);
  if (twin) mark.outerHTML = twin.innerHTML;
  const input = row.querySelector("[data-enter]");
  if (input) input.setAttribute("aria-label", `选项 ${letter}`);
}

function addRow(rows) {
  const all = rows.children;
  if (all.length >= Number(rows.getAttribute("data-most"))) return null;
  const last = all[all.length - 1];
  const number = all.length;
  const row = last.cloneNode(true);
  const group = rows.getAttribute("data-rows");
  renumber(row, group, number);
  rows.appendChild(row);
  if (group === "options") letterOf(row, number);
  row.querySelectorAll("[data-prefix]").forEach(showKind);
  return row;
}

function firstField(row) {
  return row && row.querySelector("textarea, input[type=text]");
}

/* Enter in an option goes to the next one; after the last a new one comes. */
function nextRow(field) {
  const row = field.closest("[data-row]");
  const next = row.nextElementSibling || addRow(row.parentNode);
  const target = firstField(next);
  if (target) target.focus();
}

/* --- right options ------------------------------------------------------------------------------ */
function rights(body) {
  const group = Array.prototype.filter.call(body.querySelectorAll("fieldset.bank-group"), (part) => !part.hidden);
  return group.length ? group[0].querySelectorAll("[data-right]") : [];
}

function toggle(body, index) {
  const boxes = rights(body);
  const box = boxes[index];
  if (!box) return;
  if (box.type === "radio") box.checked = true;
  else box.checked = !box.checked;
  onlyOne(body, box);
}

function onlyOne(body, box) {
  unmarkOthers(body, box);
  form.querySelectorAll(".bank-option").forEach((row) => {
    row.classList.toggle("is-right", row.querySelector("[data-right]").checked);
  });
}

function unmarkOthers(body, box) {
  if (chosenKind(body) !== "single" || !box.checked || box.type === "radio") return;
  Array.prototype.forEach.call(rights(body), (other) => {
    if (other !== box) other.checked = false;
  });
}

/* --- talking to the server ---------------------------------------------------------------------- */
function post(url, data) {
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  return fetch(url, { method: "POST", body: data, credentials: "same-origin", headers: { "X-CSRFToken": token } });
}

let look = "wall";
let asked = 0;
const frame = document.querySelector("#preview iframe");
const note = document.getElementById("preview-note");

function preview() {
  const mine = (asked += 1);
  const data = new FormData(form);
  data.append("look", look);
  post(form.getAttribute("data-preview"), data)
    .then((answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.text();
    })
    .then((html) => {
      if (mine !== asked) return;
      note.hidden = true;
      frame.srcdoc = html;
    })
    .catch(() => {
      if (mine !== asked) return;
      note.textContent = form.getAttribute("data-preview-lost");
      note.hidden = false;
      setTimeout(() => mine === asked && preview(), RETRY);
    });
}

/* The frame has the size of the real screen and is scaled to the column. */
const SIZES = { wall: [1920, 1080], phone: [360, 640], paper: [794, 0], teacher: [560, 0] };
function fit() {
  const box = document.getElementById("preview");
  const size = SIZES[look];
  const room = Math.min(box.parentNode.clientWidth, look === "phone" ? 360 : 900);
  const scale = Math.min(1, room / size[0]);
  let height = size[1];
  const inner = frame.contentDocument;
  if (inner && inner.body) height = Math.max(height, look === "wall" ? 0 : inner.body.scrollHeight);
  frame.style.width = `${size[0]}px`;
  frame.style.height = `${height || 400}px`;
  frame.style.transform = `scale(${scale})`;
  box.style.width = `${size[0] * scale}px`;
  box.style.height = `${(height || 400) * scale}px`;
}
frame.addEventListener("load", fit);
window.addEventListener("resize", fit);

const similarBox = document.getElementById("similar");
let lookedFor = "";

function similar() {
  const stem = form.querySelector("[data-stem]").value.trim();
  if (stem === lookedFor) return;
  lookedFor = stem;
  const data = new FormData();
  data.append("stem", stem);
  data.append("question", form.getAttribute("data-question"));
  post(form.getAttribute("data-similar"), data)
    .then((answer) => (answer.ok ? answer.json() : { found: [] }))
    .then((told) => { if (stem === lookedFor) showSimilar(told.found); })
    .catch(() => { lookedFor = ""; });
}

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

function showSimilar(found) {
  const list = similarBox.querySelector("ul");
  list.textContent = "";
  found.forEach((question) => {
    const item = element("li");
    item.appendChild(element("b", "bank-percent", `${question.percent}%`));
    const words = element("span");
    const link = element("a", "", question.code);
    link.href = question.url;
    link.target = "_blank";
    link.rel = "noopener";
    words.appendChild(link);
    words.appendChild(document.createTextNode(" "));
    question.stem.forEach((piece) => words.appendChild(element(piece[0] ? "mark" : "span", "", piece[1])));
    words.appendChild(element("span", "bank-who", ` ${question.kind} · ${question.topic} · ${question.state}`));
    item.appendChild(words);
    list.appendChild(item);
  });
  similarBox.hidden = !found.length;
}

/* --- pictures ----------------------------------------------------------------------------------- */
function showPicture(box, name, url) {
  box.querySelector("input[type=hidden]").value = name;
  const image = box.querySelector("img");
  image.hidden = !name;
  if (name) image.src = url;
  else image.removeAttribute("src");
  box.querySelector(".bank-picture__alt").hidden = !name;
  box.querySelector("[data-do=drop-picture]").hidden = !name;
}

function upload(input) {
  const box = input.closest("[data-picture-of]");
  const told = box.querySelector(".bank-fault");
  const data = new FormData();
  data.append("file", input.files[0]);
  told.textContent = form.getAttribute("data-uploading");
  post(form.getAttribute("data-picture"), data)
    .then((answer) => answer.json())
    .then((answer) => {
      told.textContent = answer.error || "";
      if (answer.error) return;
      showPicture(box, answer.name, answer.url);
      box.querySelector(".bank-picture__alt").focus();
      changed();
    })
    .catch(() => { told.textContent = form.getAttribute("data-lost"); });
  input.value = "";
}

/* --- what happens when --------------------------------------------------------------------------- */
let timer = 0;
let dirty = false;
function changed() {
  dirty = true;
  clearTimeout(timer);
  timer = setTimeout(() => { preview(); similar(); }, CALM);
}

function submit(action) {
  form.querySelector(`[name=action][value=${action}]`).click();
}

form.addEventListener("input", (event) => {
  const row = event.target.closest(".bank-option");
  if (row) row.classList.remove("is-blank");
  changed();
});

form.addEventListener("change", (event) => {
  const field = event.target;
  if (field.type === "file") { if (field.files.length) upload(field); return; }
  const body = bodyOf(field);
  if (field.hasAttribute("data-kind")) showKind(body);
  if (field.hasAttribute("data-right")) onlyOne(body, field);
  changed();
});

form.addEventListener("click", (event) => {
  const tab = event.target.closest("[data-look]");
  if (tab && tab.getAttribute("role") === "tab") {
    look = tab.getAttribute("data-look");
    form.querySelectorAll("[role=tab]").forEach((other) => other.setAttribute("aria-selected", String(other === tab)));
    document.getElementById("preview").setAttribute("data-look", look);
    preview();
    return;
  }
  const button = event.target.closest("[data-do]");
  if (!button) return;
  const what = button.getAttribute("data-do");
  if (what === "add") {
    const target = firstField(addRow(button.parentNode.querySelector("[data-rows]")));
    if (target) target.focus();
  } else if (what === "gap") {
    const stem = bodyOf(button).querySelector("textarea");
    stem.setRangeText("____", stem.selectionStart, stem.selectionEnd, "end");
    stem.focus();
    changed();
  } else if (what === "drop-picture") {
    showPicture(button.closest("[data-picture-of]"), "", "");
    changed();
  }
});

document.addEventListener("keydown", (event) => {
  const held = event.ctrlKey || event.metaKey;
  if (held && event.key === "Enter") { event.preventDefault(); submit("save"); return; }
  if (held && (event.key === "s" || event.key === "S")) { event.preventDefault(); submit("draft"); return; }
  const digit = /^Digit([1-8])$/.exec(event.code);
  if (event.altKey && !held && digit) {
    event.preventDefault();
    const at = document.activeElement && bodyOf(document.activeElement);
    toggle(at || form.querySelector("[data-prefix]"), Number(digit[1]) - 1);
    changed();
    return;
  }
  // Enter while a Chinese word is being composed belongs to the input method.
  if (event.key === "Enter" && !event.isComposing && event.keyCode !== 229 && event.target.matches("#bank-form input[type=text]")) {
    event.preventDefault();
    if (event.target.hasAttribute("data-enter")) nextRow(event.target);
  }
});

form.addEventListener("submit", () => { dirty = false; });
window.addEventListener("beforeunload", (event) => {
  if (!dirty) return;
  event.preventDefault();
  event.returnValue = form.getAttribute("data-leave");
});

form.querySelectorAll("[data-prefix]").forEach(showKind);
preview();
similar();
