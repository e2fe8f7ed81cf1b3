/* Small tools of the live screens: build elements, fill in texts, draw the four answer shapes. */

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = [
  ["circle", { cx: 24, cy: 24, r: 21 }],
  ["path", { d: "M24 2 47 44H1z" }],
  ["rect", { x: 4, y: 4, width: 40, height: 40, rx: 3 }],
  ["path", { d: "M24 1 47 24 24 47 1 24z" }],
];
const LETTERS = "ABCD";
const BASELINES = [33, 40, 33, 33];

export function byId(id) {
  return document.getElementById(id);
}

export function readJson(id) {
  return JSON.parse(byId(id).textContent);
}

/* el("p", {class: "x", onclick: f}, "text", child, null) */
export function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  Object.keys(attributes || {}).forEach((name) => {
    const value = attributes[name];
    if (value === null || value === undefined || value === false) return;
    if (name.slice(0, 2) === "on") node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  });
  children.forEach((child) => {
    if (child === null || child === undefined) return;
    node.appendChild(typeof child === "object" ? child : document.createTextNode(child));
  });
  return node;
}

export function fill(parent, ...children) {
  while (parent.firstChild) parent.removeChild(parent.firstChild);
  children.forEach((child) => {
    if (child) parent.appendChild(child);
  });
}

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function letter(option) {
  return LETTERS[option];
}

/* ● ▲ ■ ◆ with its letter: the same on the wall, the phone, the card and the print. */
export function shape(option) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 48 48");
  svg.setAttribute("class", `shape shape-${LETTERS[option].toLowerCase()}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", LETTERS[option]);
  const [tag, attributes] = SHAPES[option];
  const figure = document.createElementNS(SVG, tag);
  Object.keys(attributes).forEach((name) => figure.setAttribute(name, attributes[name]));
  const text = document.createElementNS(SVG, "text");
  text.setAttribute("x", 24);
  text.setAttribute("y", BASELINES[option]);
  text.setAttribute("text-anchor", "middle");
  text.textContent = LETTERS[option];
  svg.appendChild(figure);
  svg.appendChild(text);
  return svg;
}

/* The sign of a right option: green square with a tick; of another one: red ring with a slash. */
export function sign(right) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 48 48");
  svg.setAttribute("class", right ? "sign sign-safe" : "sign sign-no");
  svg.setAttribute("aria-hidden", "true");
  const parts = right
    ? [["rect", { x: 2, y: 2, width: 44, height: 44, rx: 5 }], ["path", { d: "M12 25l8 8 16-18" }]]
    : [["circle", { cx: 24, cy: 24, r: 19 }], ["path", { d: "M11 11l26 26" }]];
  parts.forEach(([tag, attributes]) => {
    const node = document.createElementNS(SVG, tag);
    Object.keys(attributes).forEach((name) => node.setAttribute(name, attributes[name]));
    svg.appendChild(node);
  });
  return svg;
}

export function speaker(texts) {
  return function t(key, values) {
    const text = texts[key] || key;
    return text.replace(/%\((\w+)\)s/g, (whole, name) => {
      const value = values && values[name];
      return value === undefined || value === null ? "" : String(value);
    });
  };
}

/* 2026-11-29T04:00:00+00:00 as the reader's own calendar day. */
export function day(iso) {
  const date = new Date(iso);
  return `${date.getFullYear()} 年 ${date.getMonth() + 1} 月 ${date.getDate()} 日`;
}

export function remember(key, value) {
  try {
    if (value === null) window.localStorage.removeItem(key);
    else window.localStorage.setItem(key, JSON.stringify(value));
  } catch (blocked) {
    // Private windows may refuse; the page then lives without its memory.
  }
}

export function recall(key) {
  try {
    return JSON.parse(window.localStorage.getItem(key));
  } catch (blocked) {
    return null;
  }
}
