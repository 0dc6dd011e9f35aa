(() => {
  "use strict";
  const root = document.documentElement;
  const notes = document.getElementById("notes-list");
  const close = notes.dataset.close;
  const wide = matchMedia("(min-width:76rem)");
  let panel = null, opener = null;

  root.classList.add("js");
  const folded = [notes, ...document.querySelectorAll("details.long")];
  const fold = (open) => { for (const part of folded) part.open = open; };
  fold(false);
  addEventListener("beforeprint", () => { hide(false); fold(true); });
  addEventListener("afterprint", () => fold(false));

  // without a script a number is a link to its note; with one it is a button that opens the note where it stands
  for (const link of document.querySelectorAll("a.number")) {
    const number = link.firstElementChild;
    number.tabIndex = 0;
    number.setAttribute("role", "button");
    number.setAttribute("aria-expanded", "false");
    link.replaceWith(number);
  }

  function hide(refocus) {
    if (!panel) return;
    panel.remove();
    opener.setAttribute("aria-expanded", "false");
    opener.removeAttribute("aria-controls");
    if (refocus) opener.focus({ preventScroll: true });
    panel = opener = null;
  }

  function build(note) {
    const aside = document.createElement("section");
    aside.id = "explanation";
    aside.className = "panel note";
    aside.setAttribute("aria-label", note.querySelector(".label").textContent);
    aside.append(...note.cloneNode(true).childNodes);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "close";
    button.textContent = "\u00d7";
    button.setAttribute("aria-label", close);
    button.addEventListener("click", () => hide(true));
    aside.prepend(button);
    return aside;
  }

  function show(number) {
    const note = document.getElementById("n" + number.dataset.note);
    if (!note) return;
    panel = build(note);
    opener = number;
    const block = number.closest(".scroll, .finding, li, .gap, p, h3, h4, figure") || number.parentElement;
    const inside = block.matches("li, .finding, .gap");
    const margin = wide.matches && !number.closest(".split, .scroll, figure, .notes-list");
    if (inside) block.append(panel); else block.after(panel);
    if (margin) {
      const section = number.closest("main > section");
      panel.classList.add("beside");
      if (inside) (block.closest("ul, ol") || block).after(panel);
      panel.style.top = Math.round(number.getBoundingClientRect().top - section.getBoundingClientRect().top) + "px";
    }
    number.setAttribute("aria-expanded", "true");
    number.setAttribute("aria-controls", "explanation");
  }

  function toggle(number) {
    const again = opener === number;
    const before = number.getBoundingClientRect().top;
    hide(false);
    if (!again) show(number);
    // a panel that closed further up must not move the line being read
    scrollBy({ top: number.getBoundingClientRect().top - before, behavior: "instant" });
  }

  document.addEventListener("click", (event) => {
    const number = event.target.closest("data.estimate[role=button]");
    if (number) toggle(number);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel) { event.preventDefault(); hide(true); return; }
    const number = event.target.closest && event.target.closest("data.estimate[role=button]");
    if (number && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); toggle(number); }
  });
  addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const part = target && folded.find((one) => one.contains(target));
    if (part) { part.open = true; target.scrollIntoView(); }
  });

  const links = new Map();
  for (const link of document.querySelectorAll("nav.contents a")) links.set(link.hash.slice(1), link);
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting || !links.has(entry.target.id)) continue;
      for (const link of links.values()) link.removeAttribute("aria-current");
      links.get(entry.target.id).setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-10% 0px -80% 0px" });
  for (const section of document.querySelectorAll("main > section")) seen.observe(section);
})();
