"use strict";
document.documentElement.classList.add("scripted");
/* What the desk does with script; without it every link and form works by itself.
   - a link with data-drawer opens in the drawer, and the address says so (#ID), so that it can be kept and gone back from;
   - single keys press the button with that data-key, in the open drawer or else on the page;
   - when the record changes, the part of the page that shows it is fetched anew, or a line offers to. */
(() => {
  const byId = (id) => document.getElementById(id);
  const drawer = byId("drawer");
  const sheet = byId("drawer-sheet");
  const keys = byId("keys");
  const ID = /^#([a-z][0-9a-f]{16})$/;
  let opener = null;

  /* The drawer */
  function show(address, id, remember) {
    if (!drawer.open) {
      sheet.replaceChildren();
      drawer.showModal();
    }
    if (remember) history.pushState({ drawer: true }, "", "#" + id);
    return htmx.ajax("GET", address, { target: sheet, swap: "innerHTML" });
  }

  document.addEventListener("click", (event) => {
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button);
    const link = event.target.closest("a[data-drawer]");
    if (link && plain) {
      event.preventDefault();
      if (!drawer.contains(link)) opener = link;
      const address = link.getAttribute("href");
      show(address, address.split("/").pop(), true);
      return;
    }
    const unfold = event.target.closest("[data-unfold]");
    if (unfold) {
      const part = byId(unfold.dataset.unfold);
      part.open = true;
      const first = part.querySelector("select, input:not([type=hidden])");
      if (first) first.focus();
    }
    if (event.target.closest("[data-reload]")) refresh();
  });

  byId("drawer-close").addEventListener("click", () => drawer.close());
  drawer.addEventListener("click", (event) => {
    if (event.target === drawer) drawer.close();
  });
  drawer.addEventListener("close", () => {
    if (ID.test(location.hash)) history.replaceState(null, "", location.pathname + location.search);
    sheet.replaceChildren();
    const back = opener && opener.isConnected ? opener : opener && opener.href && find(opener.getAttribute("href"));
    opener = null;
    if (back) back.focus();
  });
  const find = (href) => [...document.querySelectorAll("main a[data-drawer]")].find((link) => link.getAttribute("href") === href);

  function follow() {
    const found = ID.exec(location.hash);
    if (found) show("/evidence/" + found[1], found[1], false);
    else if (drawer.open) drawer.close();
  }
  window.addEventListener("popstate", follow);

  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target;
    const wrong = target.querySelector("[data-focus]");  // what is wrong with a form that was sent
    if (wrong) {
      wrong.focus();
    } else if (target === sheet) {
      sheet.scrollTop = 0;
      sheet.focus({ preventScroll: true });
      const main = sheet.querySelector("mark.e, mark.c");
      if (main && main.offsetTop > sheet.clientHeight * 0.7) sheet.scrollTop = main.offsetTop - sheet.clientHeight * 0.4;
    } else if (event.target.id === "live" || target.id === "live") {
      settle(document);
    } else if (target.id === "main") {
      const card = target.querySelector("#card-h");
      window.scrollTo(0, 0);
      (card || target).focus({ preventScroll: true });
    }
  });

  /* Charts that are wider than the page begin where it matters: with the latest days, or the place told of most. */
  function settle(place) {
    for (const box of place.querySelectorAll("[data-begin]")) {
      let at = box.scrollWidth;
      if (box.dataset.begin === "most") {
        const size = (spot) => spot.getBoundingClientRect().width;
        const spots = [...box.querySelectorAll("circle")].sort((one, other) => size(other) - size(one));
        if (!spots.length) continue;
        at = spots[0].getBoundingClientRect().left - box.getBoundingClientRect().left + box.scrollLeft - box.clientWidth / 2;
      }
      box.scrollLeft = at;
    }
  }
  settle(document);

  /* Keys */
  const typing = (node) => node.closest("input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]");
  const box = byId("keys-on");
  const wanted = () => box.checked;
  try {  // a browser may keep nothing
    box.checked = localStorage.getItem("melian-keys") !== "off";
    box.addEventListener("change", () => localStorage.setItem("melian-keys", box.checked ? "on" : "off"));
  } catch (nothing) {}
  const opened = byId("keys-open");
  opened.hidden = false;
  opened.addEventListener("click", () => keys.showModal());
  byId("keys-close").addEventListener("click", () => keys.close());
  keys.addEventListener("click", (event) => {
    if (event.target === keys) keys.close();
  });

  const shown = (node) => node.checkVisibility();
  function step(by) {
    const place = drawer.open ? sheet : byId("main");
    const links = [...place.querySelectorAll("a[data-drawer]")].filter(shown);
    if (!links.length) return;
    const at = links.indexOf(document.activeElement);
    const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1)];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && typing(event.target) && !keys.open) {
      const part = event.target.closest("details.correct");
      event.preventDefault();
      event.target.blur();
      if (part) {
        part.open = false;
        (byId("card-h") || sheet).focus({ preventScroll: true });
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || keys.open || !wanted()) return;
    if (event.key === "/") {
      event.preventDefault();
      if (drawer.open) drawer.close();
      byId("q").focus();
    } else if (event.key === "?") {
      keys.showModal();
    } else if (event.key === "j" || event.key === "k") {
      step(event.key === "j" ? 1 : -1);
    } else if (/^[a-z]$/.test(event.key) && !document.body.classList.contains("busy")) {
      const place = drawer.open ? sheet : byId("main");
      const button = [...place.querySelectorAll(`[data-key="${event.key}"]`)].find(shown);
      if (button && !event.repeat) {
        event.preventDefault();
        button.click();
      }
    }
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.requestConfig.verb === "post") document.body.classList.add("busy");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.requestConfig.verb === "post") document.body.classList.remove("busy");
  });

  /* The record changed: by a judgement made here, or by another process. */
  function refresh() {
    const live = byId("live");
    if (!live) return location.reload();
    return htmx.ajax("GET", live.dataset.live, { target: live, swap: "outerHTML", select: "#live" });
  }
  document.body.addEventListener("melian:changed", () => {
    const pulse = byId("pulse");
    const busy = drawer.open && !sheet.querySelector(".done");
    const inForm = document.activeElement && typing(document.activeElement);
    if (byId("live") && !busy && !inForm) refresh();
    else if (!document.querySelector(".review")) return;
    if (pulse) pulse.replaceChildren();
  });

  follow();
})();
