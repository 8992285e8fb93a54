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
  let beside = [];  // where the links around the opener lead, nearest first
  let instead = null;  // what is to have the focus when the drawer has closed, if not the opener: its `close` event comes later

  /* What is read out stands in a region that was there before: one that comes with its words is often not heard. */
  function say(words) {
    const region = byId(drawer.open ? "drawer-said" : "said");
    region.textContent = "";
    setTimeout(() => (region.textContent = words), 100);  // the same words once more are heard once more
  }

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
      if (!drawer.contains(link)) [opener, beside] = [link, around(link)];
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
    if (event.target.closest("[data-reload]")) refresh(true);
  });

  byId("drawer-close").addEventListener("click", () => drawer.close());
  drawer.addEventListener("click", (event) => {
    if (event.target === drawer) drawer.close();
  });
  drawer.addEventListener("close", () => {
    const kept = ID.exec(location.hash);
    if (kept) history.replaceState(null, "", location.pathname + location.search);
    sheet.replaceChildren();
    const back = instead || (opener && opener.isConnected ? opener : surviving(opener ? beside : kept ? ["/evidence/" + kept[1]] : []));
    [opener, instead] = [null, null];
    back.focus({ preventScroll: back.id === "main" });
  });

  /* Where the focus goes when what had it is gone: to what stood next to it, or else to the page. */
  const entries = () => [...byId("main").querySelectorAll("a[data-drawer]")].filter(shown);
  function around(node) {
    const links = entries();
    const after = links.findIndex((link) => link === node || node.compareDocumentPosition(link) & Node.DOCUMENT_POSITION_FOLLOWING);
    const at = after < 0 ? links.length : after;
    return [...links.slice(at), ...links.slice(0, at).reverse()].map((link) => link.getAttribute("href"));
  }
  function surviving(addresses) {
    const links = new Map(entries().reverse().map((link) => [link.getAttribute("href"), link]));
    const found = addresses.find((address) => links.has(address));
    return found ? links.get(found) : byId("main");
  }

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
    } else if (target.id === "main") {
      const card = target.querySelector("#card-h");
      window.scrollTo(0, 0);
      (card || target).focus({ preventScroll: true });
    }
    const told = target === sheet || target.id === "main" ? target.querySelector("[data-say]") : null;
    if (told) say(told.textContent);
  });

  charts.settle(document);

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
      if (!drawer.open) return byId("q").focus();
      instead = byId("q");
      drawer.close();
    } else if (event.key === "?") {
      keys.showModal();
    } else if (event.key === "j" || event.key === "k") {
      step(event.key === "j" ? 1 : -1);
    } else if (/^[a-z]$/.test(event.key)) {
      const place = drawer.open ? sheet : byId("main");
      const button = [...place.querySelectorAll(`[data-key="${event.key}"]`)].find(shown);
      if (!button || event.repeat) return;
      event.preventDefault();
      if (document.body.classList.contains("busy") || event.timeStamp < since) missed(event.key);
      else button.click();
    }
  });

  /* While a judgement is being saved no key judges: the next card has not been seen. What is pressed then is told, and must be pressed again. */
  const note = document.createElement("p");
  note.className = "saving";
  let since = 0;  // a key that was pressed before what is shown was there is none for it
  let keep = 0;
  let dropped = "";
  function missed(key) {
    dropped = key;
    if (!document.body.classList.contains("busy")) settle();
    else note.textContent = `Saving… ${key} is not taken meanwhile.`;
  }
  function settle() {
    if (!dropped) return note.remove();
    note.textContent = `${dropped} was not taken: what came before it was being saved. Press it again for what is shown now.`;
    (drawer.open ? drawer : document.body).append(note);
    setTimeout(() => say(note.textContent), 400);  // after what was done
    keep = setTimeout(() => note.remove(), 5000);
    dropped = "";
  }
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.requestConfig.verb !== "post") return;
    document.body.classList.add("busy");
    clearTimeout(keep);
    dropped = "";
    note.textContent = "Saving…";
    (drawer.open ? drawer : document.body).append(note);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.requestConfig.verb !== "post") return;
    document.body.classList.remove("busy");
    since = performance.now();
    settle();
  });

  /* The record changed: by a judgement made here, or by another process. */
  let own = false;  // a judgement made here has not been shown yet
  let taken = "";  // what was fetched last
  let turn = 0;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, xhr, requestConfig } = event.detail;
    if (target.id === "pulse" && xhr.status >= 400) event.detail.shouldSwap = false;  // it goes on asking
    if (requestConfig.verb === "post" && xhr.status < 400 && requestConfig.parameters.kind !== "skip" && requestConfig.parameters.undoes !== "skip") own = true;  // a skip changes nothing
  });

  /* The same element in a newer state of the page: by its id, address, name or words without their numbers, and by which of several it is. */
  function twin(node, from, to) {
    const head = (each) => (each.tagName === "DETAILS" ? each.firstElementChild : each);
    const name = (each) =>
      each.id || each.getAttribute("href") || each.getAttribute("aria-label") || head(each).textContent.replace(/[\d.,]+/g, "");
    const alike = (place) => [...place.querySelectorAll(node.tagName)].filter((each) => name(each) === name(node));
    const found = alike(to);
    return found[alike(from).indexOf(node)] || found[found.length - 1];
  }

  /* Fetch what the page shows, and put it in place with the focus, unfolded parts and scrolled charts as they are. Gives false where that would
     take the focus from somebody who did not ask for it. */
  async function refresh(asked, mine) {
    const live = byId("live");
    if (!live) return location.reload();
    const now = ++turn;
    const answer = await fetch(live.dataset.live, { headers: { "HX-Request": "true" } }).catch(() => null);
    const text = answer && answer.ok ? await answer.text() : "";
    if (now !== turn) return true;  // a later one has its place
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("live");
    if (!fresh) return asked ? location.reload() : false;
    if (text !== taken) {
      const focused = live.contains(document.activeElement) ? document.activeElement : null;
      const goal = focused && twin(focused, live, fresh);
      if (focused && !goal && !asked && !mine) return false;
      const next = focused && !goal ? around(focused) : null;
      const top = focused ? focused.getBoundingClientRect().top : 0;
      const parts = [...live.querySelectorAll("details")].map((part) => [twin(part, live, fresh), part.open]);
      const boxes = [...live.querySelectorAll(".scroll, .beside, aside")].map((box) => [twin(box, live, fresh), box.scrollLeft, box.scrollTop]);
      taken = text;
      live.replaceWith(fresh);
      htmx.process(fresh);
      charts.settle(fresh);
      for (const [part, open] of parts) if (part) part.open = open;
      for (const [box, left, down] of boxes) if (box) [box.scrollLeft, box.scrollTop] = [left, down];
      const to = goal || (next && surviving(next));
      if (to) {
        to.focus({ preventScroll: true });
        if (goal) window.scrollBy({ top: goal.getBoundingClientRect().top - top, behavior: "instant" });
      }
      if (!mine) say("The page shows what has changed in the record.");
    }
    const pulse = byId("pulse");
    if (pulse.contains(document.activeElement)) byId("main").focus({ preventScroll: true });
    pulse.replaceChildren();
    return true;
  }
  document.body.addEventListener("melian:changed", async () => {
    const mine = own;
    own = false;
    if (mine && document.querySelector(".review")) return byId("pulse").replaceChildren();
    const busy = drawer.open && !sheet.querySelector(".done");
    const inForm = document.activeElement && typing(document.activeElement);
    if (byId("live") && !busy && !inForm && (await refresh(false, mine))) return;
    const news = document.querySelector("#pulse [data-say]");
    if (news) say(news.textContent);
  });

  follow();
})();
