"use strict";
/* The drawer: a link to #m-KEY opens the document with that record's words marked by role. Without this script the same
   links jump to the marked words in the page. Text is only ever cloned or set as text, never parsed as HTML. */
(() => {
  const byId = (id) => document.getElementById(id);
  const drawer = byId("drawer");
  const sheet = drawer.querySelector(".sheet");
  const roleNames = Object.fromEntries([...byId("drawer-roles").children].map((li) => [li.dataset.role, li.textContent]));
  let opener = null;

  const keyOf = (hash) => (/^#m-[es][0-9a-f]{16}$/.test(hash) ? hash.slice(3) : null);

  function marked(text, number) {
    const copy = text.cloneNode(true);
    const seen = new Set();
    copy.querySelectorAll("[id]").forEach((node) => node.removeAttribute("id"));
    copy.querySelectorAll(".at").forEach((node) => node.remove());
    let before = new Set();
    for (const piece of copy.querySelectorAll("mark")) {
      const letters = (piece.dataset.r || "").split(" ").filter((r) => r.slice(0, -1) === number).map((r) => r.slice(-1));
      piece.removeAttribute("data-r");
      const adjoins = piece.previousSibling && piece.previousSibling.nodeType === Node.ELEMENT_NODE;
      const running = adjoins ? before : new Set();
      before = new Set(letters);
      if (!letters.length) {
        piece.replaceWith(...piece.childNodes);
        continue;
      }
      piece.className = "role " + letters.join(" ");
      for (const letter of letters) {
        seen.add(letter);
        if (running.has(letter)) continue;
        const label = document.createElement("span");
        label.className = "label " + letter;
        label.textContent = roleNames[letter];
        piece.before(label);
      }
    }
    return [copy.childNodes, seen];
  }

  function show(key) {
    const at = byId("m-" + key);
    const note = byId("r-" + key);
    if (!at || !note) return false;
    const article = at.closest("article");
    const line = note.querySelector(".head");
    byId("drawer-h").textContent = line.textContent;
    const title = document.createElement("bdi");
    title.textContent = article.querySelector("h3").textContent;
    byId("drawer-from").replaceChildren(title, " — ", ...article.querySelector(".from").cloneNode(true).childNodes);
    byId("drawer-note").replaceChildren(...[...note.children].filter((node) => node !== line).map((node) => node.cloneNode(true)));
    const [nodes, seen] = marked(article.querySelector(".text"), at.dataset.n);
    byId("drawer-text").replaceChildren(...nodes);
    for (const li of byId("drawer-roles").children) li.hidden = !seen.has(li.dataset.role);
    if (!drawer.open) drawer.showModal();
    sheet.focus({ preventScroll: true });
    sheet.scrollTop = 0;
    const first = byId("drawer-text").querySelector("mark.e, mark.c");
    if (first && first.offsetTop > sheet.clientHeight * 0.6) sheet.scrollTop = first.offsetTop - sheet.clientHeight * 0.4;
    return true;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const hash = link.getAttribute("href");
    const key = hash ? keyOf(hash) : null;
    if (key && show(key)) {
      event.preventDefault();
      opener = link;
      history.pushState({ drawer: true }, "", hash);
    } else if (hash && hash.startsWith("#")) {
      unfold(hash.slice(1));
    }
  });

  drawer.addEventListener("close", () => {
    if (history.state && history.state.drawer) history.back();
    else if (keyOf(location.hash)) history.replaceState(null, "", location.pathname + location.search);
    const back = opener && opener.isConnected ? opener : null;
    opener = null;
    if (back) back.focus({ preventScroll: false });
  });
  byId("close").addEventListener("click", () => drawer.close());
  drawer.addEventListener("click", (event) => {
    if (event.target === drawer) drawer.close();
  });

  charts.settle(document);

  /* The rows of a table as a file. What a spreadsheet would run as a formula gets an apostrophe before it in CSV. */
  const cell = (value) => {
    const text = value === null ? "" : Array.isArray(value) ? value.join("; ") : String(value);
    const safe = typeof value !== "number" && /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
    return /[",\r\n]/.test(safe) ? '"' + safe.replace(/"/g, '""') + '"' : safe;
  };
  const asCsv = ({ columns, rows }) => [columns, ...rows].map((row) => row.map(cell).join(",") + "\r\n").join("");
  const asJson = ({ columns, rows }) =>
    "[\n" + rows.map((row) => JSON.stringify(Object.fromEntries(row.map((value, at) => [columns[at], value])))).join(",\n") + "\n]\n";
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-table]");
    if (!button) return;
    const { table, as } = button.dataset;
    const found = JSON.parse(byId("data-" + table).textContent);
    const [text, type] = as === "csv" ? [asCsv(found), "text/csv"] : [asJson(found), "application/json"];
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: type + ";charset=utf-8" }));
    link.download = `melian-${table}.${as}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });

  /* A link into a folded part unfolds it first. */
  function unfold(id) {
    let node = byId(id);
    while (node) {
      if (node.tagName === "DETAILS") node.open = true;
      node = node.parentElement;
    }
  }

  function follow() {
    const key = keyOf(location.hash);
    if (key) show(key);
    else {
      if (drawer.open) drawer.close();
      if (location.hash) unfold(location.hash.slice(1));
    }
  }
  window.addEventListener("popstate", follow);
  window.addEventListener("beforeprint", () => document.querySelectorAll("details.speaker").forEach((node) => (node.open = true)));
  document.documentElement.classList.add("scripted");
  follow();
})();
