"""A person at the grid of the queue: what its cells say, and how one types in them."""

import re
from contextlib import suppress

from playwright.sync_api import Locator, TimeoutError, expect

from tests.door.serving import Sitter

ROW, HEADER = 35, 36  # pixels

# What the page tells the server, from now on: how many messages so far.
EAR = """() => {
  if (!window.told) {
    window.told = [];
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (message) {
      window.told.push(new TextDecoder().decode(message));
      return send.call(this, message);
    };
  }
  return window.told.length;
}"""
HEARD = """([from, text]) =>
  window.told.slice(from).some((said) => said.includes("edited_rows") && said.includes(text))"""

# The table a screen reader reads of a grid: the place of a column from 1 (0: not there), what a cell says.
PLACE = """(heading) =>
  [...document.querySelectorAll("canvas th")].findIndex((one) => one.textContent.trim() === heading) + 1"""
SHOWS = """([number, heading, text]) => {
  const column = [...document.querySelectorAll("canvas th")]
    .findIndex((one) => one.textContent.trim() === heading);
  const row = [...document.querySelectorAll("canvas tbody tr")]
    .find((one) => one.firstElementChild.textContent.endsWith("numero=" + number));
  return row && column >= 0 && row.children[column].textContent === text;
}"""


class Grid:
    """The grid on the screen of a person. Rows count from 0; a column is named by its heading."""

    def __init__(self, someone: Sitter) -> None:
        self.someone, self.page = someone, someone.page

    @property
    def canvas(self) -> Locator:
        """What is drawn."""
        return self.page.get_by_test_id("data-grid-canvas")

    def headings(self) -> list[str]:
        """The columns in sight, in order, as a screen reader hears them."""
        expect(self.canvas.locator("th").first).to_be_attached()
        return [text.strip() for text in self.canvas.locator("th").all_text_contents()]

    def cell(self, row: int, heading: str) -> Locator:
        """A cell, as a screen reader reads it."""
        return self.page.get_by_test_id(f"glide-cell-{self.column(heading)}-{row}")

    def column(self, heading: str) -> int:
        """The place of the column, from 0, once it is there: the table of a grid comes after its picture."""
        found = self.page.wait_for_function(PLACE, arg=heading).json_value()
        return int(found) - 1

    def numbers(self) -> list[str]:
        """The files shown, in order."""
        expect(self.canvas.locator("th").first).to_be_attached()
        cells = self.canvas.locator("tbody tr td:first-child, tbody tr th:first-child")
        return [text.split("numero=")[-1].strip() for text in cells.all_text_contents()]

    def row(self, number: str) -> int:
        """The row of a file, once it is there."""
        expect(self._row(number)).to_have_count(1)
        return self.numbers().index(number)

    def has(self, *numbers: str) -> None:
        """Wait until these files are shown, in this order."""
        cells = [re.compile(rf"numero={number}$") for number in numbers]
        expect(self.canvas.locator("tbody tr > :first-child")).to_have_text(cells)

    def shows(self, number: str, heading: str, text: str) -> None:
        """Wait until that cell of that file says this."""
        self.page.wait_for_function(SHOWS, arg=[number, heading, text])

    def _row(self, number: str) -> Locator:
        return self.canvas.locator("tbody tr").filter(has_text=f"numero={number}")

    def select(self, row: int, heading: str) -> None:
        """Go to a cell: a click at the end of its row's first cell, then the arrows."""
        for _ in range(5):  # the first click on a grid one comes back to may only wake it
            self.someone.ready()  # another view may have other columns
            column = self.column(heading)
            with suppress(AssertionError):
                self._go(row, column)
                if self.column(heading) == column:
                    return
        self._go(row, self.column(heading))

    def _go(self, row: int, column: int) -> None:
        first = self.page.get_by_test_id(f"glide-cell-0-{row}")
        if first.get_attribute("aria-selected") != "true":  # a second click would open it
            self.canvas.click(position={"x": 92, "y": HEADER + ROW * row + 17}, force=True)
            expect(first).to_have_attribute("aria-selected", "true", timeout=1_500)
        for _ in range(column):
            self.page.keyboard.press("ArrowRight")
        cell = self.page.get_by_test_id(f"glide-cell-{column}-{row}")
        expect(cell).to_have_attribute("aria-selected", "true", timeout=1_500)

    def type(self, row: int, heading: str, text: str, leave: str = "Enter", sent: str | None = None) -> None:
        """Type in a cell over what is there, and leave it by a key; without one the cell stays open.

        The browser tells the server a moment after the key: this waits until it has ``sent`` the text (or,
        for a choice whose value is not its word, what is said).
        """
        for _ in range(2):  # on a busy machine the grid may miss a key
            with suppress(TimeoutError):
                self._type(row, heading, text, leave, text if sent is None else sent)
                return
        self._type(row, heading, text, leave, text if sent is None else sent)

    def _type(self, row: int, heading: str, text: str, leave: str, sent: str) -> None:
        overlay = self.page.locator("[id^=gdg-overlay-]")
        for _ in range(5):
            self.select(row, heading)
            self.canvas.press("Enter")
            with suppress(AssertionError):
                expect(overlay).to_be_visible(timeout=1_500)
                break
        field = overlay.locator("input, textarea").first
        field.fill(text)
        if leave:
            told = self.page.evaluate(EAR)
            field.press(leave)
            expect(overlay).to_have_count(0)
            self.page.wait_for_function(HEARD, arg=[told, sent], timeout=15_000)
            self.someone.ready()

    def save(self, rows: str = "") -> None:
        """Press « Enregistrer (2 lignes) »."""
        name = f"Enregistrer ({rows})" if rows else "Enregistrer"
        self.page.get_by_role("button", name=name, exact=True).click()
