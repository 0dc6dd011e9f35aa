"use strict";
/* Choosing words of a text by mouse or keyboard, in code points, and the keys of the pages. No rule of coding is here:
   the server checks text, place and words again. */

const CHOSEN = "chosen";
const one = (selector, from = document) => from.querySelector(selector);
const text = () => one("#text");
let anchor = null; // where a choice by keyboard starts
let range = null;

const points = (string) => {
  let count = 0;
  for (const _ of string) count += 1;
  return count;
};

/* The range without blanks at its ends. */
const trimmed = (found) => {
  const cut = found.cloneRange();
  const words = cut.toString();
  move(cut, words.length - words.trimStart().length, "start");
  move(cut, words.trimEnd().length - words.length, "end");
  return cut;
};

/* Move one end of a range by UTF-16 units over the text nodes of the text. */
const move = (found, by, end) => {
  if (!by) return;
  const before = document.createRange();
  before.setStart(text(), 0);
  before.setEnd(found[end + "Container"], found[end + "Offset"]);
  let left = before.toString().length + by;
  const nodes = document.createTreeWalker(text(), NodeFilter.SHOW_TEXT);
  for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
    if (left <= node.length && (end === "end" || left < node.length)) {
      found[end === "start" ? "setStart" : "setEnd"](node, left);
      return;
    }
    left -= node.length;
  }
};

const inText = (node) => text() && text().contains(node);

/* Take the selection of the browser as the chosen passage: it fills the form and stays drawn when the form has focus. */
const choose = () => {
  const selection = getSelection();
  if (!selection.rangeCount || !inText(selection.anchorNode) || !inText(selection.focusNode)) return;
  const found = trimmed(selection.getRangeAt(0));
  if (!found.toString().trim()) return;
  range = found;
  const before = document.createRange();
  before.setStart(text(), 0);
  before.setEnd(found.startContainer, found.startOffset);
  const quote = found.toString();
  const start = points(before.toString());
  show({start, end: start + points(quote), quote});
};

const show = (passage) => {
  const form = one("#keep");
  for (const name of ["start", "end", "quote"]) form.elements[name].value = passage ? passage[name] : "";
  const shown = one("#chosen");
  shown.textContent = passage ? "“" + passage.quote + "”" : shown.dataset.none;
  shown.classList.toggle("some", Boolean(passage));
  if (!CSS.highlights) return;
  if (passage) CSS.highlights.set(CHOSEN, new Highlight(range));
  else CSS.highlights.delete(CHOSEN);
};

const drop = () => {
  range = anchor = null;
  getSelection().removeAllRanges();
  if (one("#keep")) show(null);
};

/* The word at a caret that no one sees: put it at the start of the text, or of what was chosen, and select the word. */
const word = (direction, step) => {
  const selection = getSelection();
  if (!selection.rangeCount || !inText(selection.anchorNode)) {
    if (range) selection.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
    else selection.collapse(text().firstChild.firstChild || text().firstChild, 0);
    if (!range) return grow("forward");
  }
  if (direction === "forward") selection.collapseToEnd();
  else selection.collapseToStart();
  selection.modify("move", direction, step);
  if (direction === "forward" && step === "word") selection.modify("move", "backward", "word");
  anchor = null;
  grow("forward");
};

const grow = (direction) => {
  getSelection().modify("extend", direction, "word");
  const last = getSelection().getRangeAt(0);
  if (!last.toString().trim()) getSelection().modify("extend", direction, "word");
  choose();
  const box = (range || last).getBoundingClientRect();
  if (box.top < 40 || box.bottom > innerHeight - 40) scrollBy(0, box.top - innerHeight / 3);
};

const begin = () => {
  anchor = range && range.cloneRange();
  if (!anchor) word("forward", "character");
};

const TEXT_KEYS = {
  ArrowRight: () => word("forward", "word"),
  ArrowLeft: () => word("backward", "word"),
  ArrowDown: () => word("forward", "line"),
  ArrowUp: () => word("backward", "line"),
  s: begin,
  w: () => (getSelection().rangeCount ? grow("forward") : word("forward", "character")),
  b: () => grow("backward"),
  Enter: () => one("#find").focus(),
};
const PAGE_KEYS = {
  q: () => one("#question") && one("#question").focus(),
  m: () => one("#memo") && one("#memo").focus(),
  n: () => document.body.classList.toggle("bare"),
  u: () => one("#undo") && one("#undo").requestSubmit(),
  "?": () => one("#help").showModal(),
  Escape: drop,
};

const writing = (element) => element.closest("input, select, textarea, [contenteditable], dialog");

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.metaKey) return;
  if (event.ctrlKey) {
    if (event.key === "z" && !writing(event.target) && one("#undo")) run(event, PAGE_KEYS.u);
    return;
  }
  if (event.target.id === "find" || event.target.id === "codes") return finding(event);
  if (writing(event.target)) {
    if (event.key === "Escape" && text() && !event.target.closest("dialog")) run(event, () => text().focus());
    return;
  }
  if (event.target === text() && !event.shiftKey && TEXT_KEYS[event.key]) return run(event, TEXT_KEYS[event.key]);
  if (PAGE_KEYS[event.key]) run(event, PAGE_KEYS[event.key]);
});

const run = (event, action) => {
  event.preventDefault();
  action();
};

/* Search as you type: only codes whose label holds every word typed stay in the list. */
let all = null;
const plain = (string) => string.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const filter = () => {
  const list = one("#codes");
  if (!all || all.list !== list) all = {list, options: [...list.options].map((option) => [option, plain(option.text)])};
  const words = plain(one("#find").value).split(/\s+/).filter(Boolean);
  const fit = all.options.filter(([, label]) => words.every((part) => label.includes(part)));
  list.replaceChildren(...fit.map(([option]) => option));
  list.selectedIndex = words.length && fit.length ? 0 : -1;
};

const finding = (event) => {
  const list = one("#codes");
  if (event.key === "ArrowDown" && event.target.id === "find") {
    run(event, () => {
      list.focus();
      if (list.selectedIndex < 0) list.selectedIndex = 0;
    });
  } else if (event.key === "Enter" && list.value) {
    run(event, () => one("#keep").requestSubmit());
  } else if (event.key === "Escape") {
    run(event, () => text() && text().focus());
  }
};

const light = (number, on) => {
  for (const piece of document.querySelectorAll(`mark[data-on~="${number}"]`)) piece.classList.toggle("lit", on);
};

document.addEventListener("mouseup", (event) => inText(event.target) && choose());
document.addEventListener("input", (event) => event.target.id === "find" && filter());
document.addEventListener("reset", (event) => {
  if (event.target.id !== "keep") return;
  one("#fields").replaceChildren();
  setTimeout(() => { filter(); drop(); });
});
document.addEventListener("mouseover", (event) => {
  const item = event.target.closest("[data-number]");
  if (item) light(item.dataset.number, true);
});
document.addEventListener("mouseout", (event) => {
  const item = event.target.closest("[data-number]");
  if (item) light(item.dataset.number, false);
});
document.addEventListener("click", (event) => {
  const to = event.target.closest("[data-to]");
  const piece = event.target.closest("mark");
  if (to) {
    const target = one(`mark[data-on~="${to.dataset.to}"]`);
    if (target) run(event, () => target.scrollIntoView({block: "center"}));
  } else if (piece && getSelection().isCollapsed) {
    one(`#l${piece.dataset.on.split(" ")[0]}`).scrollIntoView({block: "nearest"});
  }
  if (event.target.closest("[data-open]")) one("#" + event.target.closest("[data-open]").dataset.open).showModal();
  if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
});

/* After a write the work is drawn anew: back to the text, and no passage is chosen any more. */
document.addEventListener("htmx:after:settle", (event) => {
  if (event.target.id !== "work") return;
  if (CSS.highlights) CSS.highlights.delete(CHOSEN);
  range = anchor = null;
  if (text()) text().focus({preventScroll: true});
});

/* A page taken back from memory could show what a lock has closed since. */
addEventListener("pageshow", (event) => event.persisted && location.reload());
