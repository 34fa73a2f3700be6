"""What a screen says to whoever reads or hears it, and what of it is still English."""

import json
import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from door import wording

# Every text that is drawn or read aloud, frames and hidden pictures left out.
SAID = """() => {
  const found = new Set();
  const names = ["aria-label", "title", "placeholder", "alt", "aria-description", "aria-roledescription",
                 "aria-valuetext"];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) { if (node.data.trim()) found.add(node.data.trim()); return; }
    if (node.nodeType !== Node.ELEMENT_NODE || /^(SCRIPT|STYLE|NOSCRIPT|IFRAME)$/.test(node.tagName)) return;
    if (node.getAttribute("aria-hidden") === "true") return;
    for (const name of names) {
      const text = (node.getAttribute(name) || "").trim();
      if (text) found.add(text);
    }
    node.childNodes.forEach(walk);
  };
  walk(document.body);
  return [...found];
}"""

# Words that Streamlit's texts are made of and that no French sentence has.
ENGLISH = re.compile(
    r"\b(the|of|to|and|or|with|for|from|your|you|this|that|is|are|not|select|selected|choose|search|open|opened"
    r"|close|closed|click|press|enter|add|remove|delete|clear|show|hide|hidden|download|upload|copy|edit|view"
    r"|results?|loading|running|column|columns|rows?|sort|pin|time|today|next|previous|month|year|day|hour"
    r"|help|icon|button|settings|heading|empty|more|less|file|files|shortcut|required|invalid|value|values|up|down|toggle"
    r"|expand|collapse|sidebar|skip|calendar|fullscreen|table|chart|data|filter|update|dropdown|suggestions)\b",
    re.IGNORECASE,
)
# What is French though a word of it is not, and the path of a folder, whatever its name.
FRENCH = re.compile(
    r"/\S+/\S*|\b(file du|(la|une|de) file|or |table d(es|u)|(la|par|sa|de) table|pin |fil du|ne sort)\b",
    re.IGNORECASE,
)


def english(page: Page) -> list[str]:
    """What is still English on the screen as it stands now."""
    said: list[str] = page.evaluate(SAID)
    own = {word for word, words in wording.EXACT.items() if word != words}
    return sorted(text for text in said if text in own or ENGLISH.search(FRENCH.sub("", text)))


def serious(page: Page) -> list[str]:
    """What axe finds serious or critical."""
    found = Axe().run(page).response["violations"]
    return [
        json.dumps([one["id"], [node["html"][:200] for node in one["nodes"][:3]]])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def overflows(page: Page) -> bool:
    """Whether the page itself scrolls sideways."""
    sideways: bool = page.evaluate(
        """() => [document.documentElement, document.querySelector("[data-testid=stMain]")]
                   .some((part) => part && part.scrollWidth > part.clientWidth + 1)"""
    )
    return sideways
