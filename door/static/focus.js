// The place of the keyboard. A screen drawn anew takes away the button just pressed: without this the
// keyboard would be nowhere, and Tab would start again at the top of the menu. Only who works by the
// keyboard is helped: a hand on a mouse knows where it is.
"use strict";
(() => {
  const STOPS = 'a[href], button, input, select, textarea, summary, canvas[tabindex], [tabindex]:not([tabindex="-1"])';
  const SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]';
  const ANSWERS = '[data-testid="stAlert"], [data-testid="stMetric"]';
  const ERROR = '[data-testid="stAlertContentError"]';
  const LOADING = '[data-testid="stSkeleton"]'; // a part whose code is on its way
  const MOMENT = 120; // ms: what a run leaves behind is taken away just after it
  let keys = false; // whether the last gesture was of the keyboard
  let last = null; // where it was
  let from = ""; // the screen when the last gesture was made
  let leads = false; // whether that gesture was on a way to another screen
  let acts = false; // whether it asked for something to be done
  let said = []; // what the screen has answered since
  let waiting = 0;

  const main = () => document.querySelector('[data-testid="stMain"]');
  const name = (element) => [...(element.closest('[class*="st-key-"]')?.classList || [])].find((one) => one.startsWith("st-key-"));
  const open = (element) =>
    element.isConnected && !element.disabled && element.getClientRects().length > 0 && !element.closest("[inert], [hidden]");
  const nowhere = () => !document.activeElement || document.activeElement === document.body;

  function note(element) {
    const stops = [...(main()?.querySelectorAll(STOPS) || [])];
    const at = stops.indexOf(element);
    last = { element, name: name(element), tag: element.tagName, before: at < 0 ? [] : stops.slice(Math.max(0, at - 12), at) };
  }

  // Headings and answers are no stops of their own: they are read, and Tab goes on from there.
  function rest(element) {
    if (!element.matches(STOPS)) element.tabIndex = -1;
    element.focus();
    return document.activeElement === element;
  }

  function inside() {
    const part = last.name && document.getElementsByClassName(last.name)[0];
    if (!part) return null;
    const stops = [...part.querySelectorAll(STOPS)].filter(open);
    return stops.find((stop) => stop.tagName === last.tag) || stops[0];
  }

  function places() {
    const dialog = [...document.querySelectorAll('[role="dialog"]')].filter(open).pop();
    const answer = said.filter((one) => open(one) && (!dialog || dialog.contains(one))).shift();
    const title = (dialog || main())?.querySelector("h1, h2");
    return [inside, () => answer, () => last.before.filter(open).pop(), () => title];
  }

  function settle() {
    waiting = 0;
    if (!keys || !document.hasFocus() || !document.querySelector(SETTLED) || document.querySelector(LOADING)) return;
    const title = main()?.querySelector("h1");
    if (leads && location.pathname !== from && title) {
      leads = false;
      rest(title);
      return;
    }
    if (location.pathname !== from) said = [];
    if (nowhere() && last && !open(last.element)) places().some((place) => place() && rest(place()));
    else if (acts) said.filter((one) => open(one) && one.querySelector(ERROR) && !inSight(one)).slice(0, 1).forEach(rest);
    if (!nowhere()) said = [];
  }

  function inSight(element) {
    const box = element.getBoundingClientRect();
    return box.top >= 0 && box.top < innerHeight - 40;
  }

  const look = () => {
    clearTimeout(waiting);
    waiting = setTimeout(settle, MOMENT);
  };

  document.addEventListener("pointerdown", () => (keys = false), true);
  document.addEventListener(
    "keydown",
    (event) => {
      keys = true;
      if (event.key === "Shift") return;
      acts = event.key === "Enter";
      if (event.key === "Tab") return;
      from = location.pathname;
      said = [];
      leads = event.key === "Enter" && Boolean(event.target.closest?.("a[href]"));
    },
    true,
  );
  document.addEventListener("focusin", (event) => note(event.target), true);
  new MutationObserver((changes) => {
    for (const change of changes)
      for (const node of change.addedNodes)
        if (node.nodeType === Node.ELEMENT_NODE)
          said.push(...(node.matches(ANSWERS) ? [node] : node.querySelectorAll(ANSWERS)));
    if (keys && (leads || nowhere() || (acts && said.length))) look();
  }).observe(document.documentElement, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["data-test-script-state", "disabled"],
  });
})();
