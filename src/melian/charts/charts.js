"use strict";
/* The marks of a chart are one stop of the Tab key, and arrow keys go on from mark to mark. */
const charts = (() => {
  const marksOf = (box) => [...box.querySelectorAll("svg a")];
  const markAt = (node) => node.closest(".chart > .scroll svg a");
  function stopAt(mark) {
    for (const each of marksOf(mark.closest(".scroll"))) each.setAttribute("tabindex", each === mark ? "0" : "-1");
  }
  document.addEventListener("focusin", (event) => {
    const mark = markAt(event.target);
    if (mark) stopAt(mark);
  });
  document.addEventListener("keydown", (event) => {
    const mark = markAt(event.target);
    if (!mark || event.ctrlKey || event.metaKey || event.altKey) return;
    const marks = marksOf(mark.closest(".scroll"));
    const [at, last] = [marks.indexOf(mark), marks.length - 1];
    const to = { ArrowLeft: at - 1, ArrowUp: at - 1, ArrowRight: at + 1, ArrowDown: at + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    marks[Math.min(Math.max(to, 0), last)].focus();
  });

  /* Make the charts of a part of the page such stops; those in time begin with the latest mark. */
  function settle(place) {
    for (const box of place.querySelectorAll(".chart > .scroll")) {
      const marks = marksOf(box);
      if (!marks.length) continue;
      box.removeAttribute("tabindex");  // its marks are reached, and bring themselves into view
      stopAt(marks[box.querySelector(".chart-tension, .chart-timeline") ? marks.length - 1 : 0]);
    }
  }
  return { settle };
})();
