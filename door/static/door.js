// The door's part of a page: French for Streamlit's own texts, and the way to the sign-in page
// when the session has ended. Loaded before Streamlit's own scripts. Nothing is fetched elsewhere.
"use strict";
(() => {
  // Pickers follow the browser's language: the town's is French whatever the browser's.
  Object.defineProperty(navigator, "language", { get: () => "fr-CA" });
  Object.defineProperty(navigator, "languages", { get: () => ["fr-CA", "fr"] });
  window.prerenderReady = false; // what the script we replaced set
  // Streamlit's hook for who serves its page: it knows where the server is without feeling its way up the
  // address, and no other site (its own hosting, by default) may speak to the page.
  window.__streamlit = {
    BACKEND_BASE_URL: location.origin + "/",
    HOST_CONFIG: { allowedOrigins: [location.origin], useExternalAuthToken: false },
  };

  // --- the session -------------------------------------------------------------------------------
  const ENDED = 4401;
  let leaving = false;

  function toSignIn() {
    if (leaving) return;
    leaving = true;
    const here = location.pathname + location.search;
    location.replace(here === "/" ? "/connexion" : "/connexion?suite=" + encodeURIComponent(here));
  }

  // A screen said that the session has ended. Should the server find it alive, it sends straight back here:
  // once is enough, then the link of the screen is there for the person.
  const SENT = "guichet-renvoi";
  function sentByScreen() {
    if (leaving) return;
    const last = Number(sessionStorage.getItem(SENT) || 0);
    sessionStorage.setItem(SENT, String(Date.now()));
    if (Date.now() - last > 20_000) toSignIn();
  }

  async function check() {
    if (leaving) return;
    try {
      const answer = await fetch("/session", { cache: "no-store", credentials: "same-origin" });
      if (answer.status === 401) toSignIn();
    } catch {
      // The server is away: Streamlit says so and tries again by itself.
    }
  }

  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener("close", (event) => (event.code === ENDED ? toSignIn() : check()));
    }
  };
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && check());
  window.addEventListener("focus", check);
  window.addEventListener("pageshow", (event) => event.persisted && check());

  // Another step of « Mettre la ville en place » is read from its top.
  document.addEventListener("click", (event) => {
    if (event.target.closest && event.target.closest(".st-key-mp-next, .st-key-mp-back, .st-key-mp-adopt"))
      document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
  });

  // Leaving: one click, by POST; without this script the link leads to a page with a button.
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest('a[href="/deconnexion"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    leaving = true;
    const form = document.createElement("form");
    form.method = "post";
    form.action = "/deconnexion";
    document.body.append(form);
    form.submit();
  });

  // --- the words ---------------------------------------------------------------------------------
  const { exact, shapes, options } = window.guichetFrench;
  const patterns = shapes.map(([shape, words]) => [new RegExp(shape), words]);
  const ATTRIBUTES = ["aria-label", "title", "placeholder", "alt", "aria-description", "aria-roledescription", "aria-valuetext"];
  // What people wrote is never touched: only Streamlit's own texts around it.
  const THEIRS = '[data-testid="stMarkdownContainer"], [data-testid="stText"], [data-testid="stTable"], pre, code, textarea, [contenteditable]:not([role="spinbutton"]), [role="gridcell"]';
  const OURS = '[data-testid="stFileUploaderDropzone"]'; // Streamlit writes these through its own Markdown

  function french(text) {
    const bare = text.trim();
    if (!bare || bare.length > 300) return text;
    if (Object.hasOwn(exact, bare)) return text.replace(bare, exact[bare]);
    for (const [shape, words] of patterns) if (shape.test(bare)) return bare.replace(shape, words);
    return text;
  }

  function speak(node) {
    if (node.nodeType === Node.TEXT_NODE) {
      const within = node.parentElement;
      if (!within || (within.closest(THEIRS) && !within.closest(OURS)) || /^(SCRIPT|STYLE)$/.test(within.tagName)) return;
      if (within.closest('[role="option"]') && !options.some((own) => node.data.startsWith(own))) return;
      const words = french(node.data);
      if (words !== node.data) node.data = words;
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      // Streamlit reads an icon aloud by the name of its drawing: beside words it says nothing.
      if (node.dataset.testid === "stIconMaterial" || / icon$/.test(node.getAttribute("aria-label") || "")) mute(node);
      for (const name of ATTRIBUTES) label(node, name);
      node.childNodes.forEach(speak);
    }
  }

  function mute(icon) {
    if (icon.getAttribute("role") !== "img" && icon.dataset.testid !== "stIconMaterial") return;
    icon.removeAttribute("aria-label");
    icon.removeAttribute("role");
    icon.setAttribute("aria-hidden", "true");
  }

  function label(element, name) {
    const text = element.getAttribute(name);
    if (text === null) return;
    const words = french(text);
    if (words !== text) element.setAttribute(name, words);
  }

  let heard = null; // the demand of the screen that was already answered
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "characterData") speak(change.target);
      else if (change.type === "attributes") label(change.target, change.attributeName);
      else change.addedNodes.forEach(speak);
    }
    const asks = document.querySelector(".st-key-guichet-connexion");
    if (asks && asks !== heard) {
      heard = asks;
      sentByScreen();
    }
  }).observe(document.documentElement, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ATTRIBUTES,
  });
})();
