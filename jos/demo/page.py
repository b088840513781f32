"""The page "Jeugdhulp op school in cijfers": the figures of the source beside ours, and whether they agree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

TITLE = "Jeugdhulp op school in cijfers"
WIDE = 34
COLUMN = 19


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the page, as it is displayed: in the source, as delivered, and as it follows from events.

    Empty: this basis does not have it. `source` in brackets is derived from the source, not printed in it.
    """

    label: str
    source: str
    delivered: str
    events: str

    @property
    def agrees(self) -> bool:
        """Whether everything of ours is what the source says, and there is something of ours."""
        ours = [shown for shown in (self.delivered, self.events) if shown]
        said = self.source[1:-1] if self.source.startswith("(") else self.source
        return bool(ours) and all(shown == said for shown in ours)


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page: `subtitle` names region, period and figure status; `missing` the schools without a delivery."""

    subtitle: str
    lines: Sequence[Line]
    missing: Sequence[str]
    warnings: Sequence[str]

    @property
    def agrees(self) -> bool:
        """Whether every figure is the source's."""
        return all(line.agrees for line in self.lines)


def render(page: Page) -> str:
    """The page as text, for a terminal."""
    return "\n".join(_lines(page))


def _lines(page: Page) -> Iterator[str]:
    yield ""
    yield TITLE
    yield page.subtitle
    yield ""
    yield _row("", "bron", "aangeleverd", "uit registraties")
    for line in page.lines:
        verdict = "OK" if line.agrees else "DIFFERENT"
        yield f"{_row(line.label, line.source, line.delivered, line.events)}  {verdict}"
    yield ""
    yield f"Zonder aanlevering ({len(page.missing)}): {', '.join(page.missing) or 'geen'}."
    yield "Waarschuwingen: " + ("; ".join(page.warnings) or "geen") + "."
    yield "De bron geeft alleen totalen: spreiding over scholen en registraties zijn synthetisch; BRIN en KvK zijn"
    yield "verzonnen (99..); van 12 van de 15 scholen is de gekozen aanbieder aangenomen."


def _row(label: str, *shown: str) -> str:
    return f"{label:{WIDE}}" + "".join(f"{value:>{COLUMN}}" for value in shown)
