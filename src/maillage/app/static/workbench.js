"use strict";
/* Choosing words of a text by mouse or keyboard, in code points, and the keys of the pages. No rule of coding is here:
   the server checks text, place and words again. */

const CHOSEN = "chosen";
const one = (selector, from = document) => from.querySelector(selector);
const text = () => one("#text");
let chosen = null; // first and last word of the passage, counted among the words of the text

const points = (string) => {
  let count = 0;
  for (const _ of string) count += 1;
  return count;
};

const inText = (node) => text() && text().contains(node);

/* Words are what stands between blanks: begin and end of each, in the units of the browser. */
const words = () => [...text().textContent.matchAll(/\S+/g)].map((found) => [found.index, found.index + found[0].length]);

/* The place of a unit in the text: marks cut it into many nodes. */
const place = (offset) => {
  const nodes = document.createTreeWalker(text(), NodeFilter.SHOW_TEXT);
  let left = offset;
  for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
    if (left <= node.length) return [node, left];
    left -= node.length;
  }
  return [text(), text().childNodes.length];
};

const rangeOf = (start, end) => {
  const range = document.createRange();
  range.setStart(...place(start));
  range.setEnd(...place(end));
  return range;
};

/* Take a stretch of the text as the passage: it fills the form in code points and stays drawn while the form is used. */
const take = (start, end) => {
  const all = text().textContent;
  const quote = all.slice(start, end);
  const first = points(all.slice(0, start));
  show({start: first, end: first + points(quote), quote});
  if (CSS.highlights) CSS.highlights.set(CHOSEN, new Highlight(rangeOf(start, end)));
  else getSelection().setBaseAndExtent(...place(start), ...place(end));
};

/* The selection of the mouse, without blanks at its ends. */
const choose = () => {
  const selection = getSelection();
  if (!selection.rangeCount || !inText(selection.anchorNode) || !inText(selection.focusNode)) return;
  const range = selection.getRangeAt(0);
  const before = document.createRange();
  before.setStart(text(), 0);
  before.setEnd(range.startContainer, range.startOffset);
  const found = range.toString();
  if (!found.trim()) return;
  const start = before.toString().length + found.length - found.trimStart().length;
  const end = before.toString().length + found.trimEnd().length;
  const known = words();
  chosen = [known.findIndex((one) => one[1] > start), known.findLastIndex((one) => one[0] < end)];
  take(start, end);
};

const show = (passage) => {
  const form = one("#keep");
  if (!form) return;
  for (const name of ["start", "end", "quote"]) form.elements[name].value = passage ? passage[name] : "";
  const shown = one("#chosen");
  const quote = document.createElement("q");
  quote.textContent = passage ? passage.quote : "";
  shown.replaceChildren(passage ? quote : shown.dataset.none);
  shown.classList.toggle("some", Boolean(passage));
  if (!passage && CSS.highlights) CSS.highlights.delete(CHOSEN);
};

const drop = () => {
  chosen = null;
  getSelection().removeAllRanges();
  if (one("#keep")) show(null);
};

/* Choose the words from first to last and bring them into view. */
const pick = (first, last) => {
  const known = words();
  if (!known.length) return;
  const within = (index) => Math.max(0, Math.min(index, known.length - 1));
  chosen = [within(first), within(last)];
  getSelection().removeAllRanges();
  take(known[chosen[0]][0], known[chosen[1]][1]);
  const box = rangeOf(...known[chosen[1]]).getBoundingClientRect();
  if (box.top < 40 || box.bottom > innerHeight - 40) scrollBy(0, box.top - innerHeight / 3);
};

const step = (by) => {
  const index = chosen ? chosen[by > 0 ? 1 : 0] + by : 0;
  pick(index, index);
};

/* The word above or below: of the next line with words, the one that stands nearest. */
const line = (by) => {
  if (!chosen) return step(1);
  const known = words();
  const box = (index) => rangeOf(...known[index]).getBoundingClientRect();
  const here = box(chosen[1]);
  let index = chosen[1];
  while (known[index] && Math.abs(box(index).top - here.top) < here.height / 2) index += by;
  if (!known[index]) return;
  const top = box(index).top;
  let best = index;
  for (; known[index] && Math.abs(box(index).top - top) < here.height / 2; index += by) {
    if (Math.abs(box(index).left - here.left) < Math.abs(box(best).left - here.left)) best = index;
  }
  pick(best, best);
};

const stretch = (by) => (chosen ? pick(chosen[0], Math.max(chosen[0], chosen[1] + by)) : step(1));

const TEXT_KEYS = {
  ArrowRight: () => step(1),
  ArrowLeft: () => step(-1),
  ArrowDown: () => line(1),
  ArrowUp: () => line(-1),
  s: () => (chosen ? pick(chosen[1], chosen[1]) : step(1)),
  w: () => stretch(1),
  b: () => stretch(-1),
  Enter: () => one("#find") && one("#find").focus(),
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
  chosen = null;
  if (text()) text().focus({preventScroll: true});
});

/* The vault locks itself when the last page is closed: each says that it is there, and when it goes. Where the vault
   was locked meanwhile (205), a page that shows what it holds is loaded anew, and shows nothing of it. */
const page = Array.from(crypto.getRandomValues(new Uint32Array(4))).join("-");
const present = async (here) => {
  const answer = await fetch("/present", {method: "POST", keepalive: true, body: new URLSearchParams({page, here})});
  if (answer.status === 205 && here && one("[data-vault=unlocked]")) location.reload();
};
const stay = () => present("yes").catch(() => {}); // a workbench that has stopped is no fault of the page
addEventListener("pageshow", stay);
addEventListener("pagehide", () => present("").catch(() => {}));
document.addEventListener("visibilitychange", () => document.hidden || stay());
setInterval(stay, 30000);

/* A page taken back from memory could show what a lock has closed since. */
addEventListener("pageshow", (event) => event.persisted && location.reload());
