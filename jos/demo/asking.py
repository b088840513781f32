"""The page of the demo: the source's figures beside the gateway's, once everything that was told is in them."""

import asyncio
from collections.abc import Callable, Iterator

from jos.client import Client
from jos.demo import figures
from jos.demo.page import Line, Page
from jos.demo.schools import PERIOD, PROGRAMME, REGION_NAME
from jos.figures_page import FiguresPage, Shown, fetch

SETTLES_WITHIN = 15.0
"""Seconds that an event which came before its facts may take to be judged again."""

TYPES = {"SBO": "SBO", "SO": "SO", "VSO": "VSO", "SO_VSO": "(V)SO"}
STATUS = {"PROVISIONAL": "voorlopig", "REVISED": "nader voorlopig", "FINAL": "definitief"}


async def ask(client: Client, gateway: str, tokens: list[str]) -> Page:
    """The page, asked again while it differs and something may still be on its way."""
    until = asyncio.get_running_loop().time() + SETTLES_WITHIN
    while True:
        page = _page(await fetch(client, gateway, PROGRAMME, PERIOD, ",".join(tokens)))
        if page.agrees or asyncio.get_running_loop().time() > until:
            return page
        await asyncio.sleep(0.5)


def _page(found: FiguresPage) -> Page:
    status = STATUS.get(found.status, found.status)
    subtitle = f"{REGION_NAME}, eerste helft 2022 ({PROGRAMME} {PERIOD}, {status})"
    return Page(subtitle, list(_lines(found)), found.missing, found.warnings)


def _lines(found: FiguresPage) -> Iterator[Line]:
    def line(label: str, source: object, kpi: str, show: Callable[[Shown], str] = _value) -> Line:
        delivered, events = (found.figures.get((kpi, basis)) for basis in ("DELIVERED", "EVENTS"))
        return Line(label, str(source), show(delivered) if delivered else "", show(events) if events else "")

    yield line("Scholen in het programma", figures.EXPECTED, "KPI-HR-01")
    for type_, number in figures.BY_TYPE.items():
        yield Line(f"  {TYPES[type_]}", str(number), "", str(found.schools_by_type.get(type_, "")))
    yield line("Scholen met aanlevering", f"{figures.REPORTING} van {figures.EXPECTED}", "KPI-HR-02", _of)
    yield line("Leerlingen", _dutch(figures.PUPILS), "KPI-HR-03")
    yield line("Leerlingen met JOS", _dutch(figures.RECIPIENTS), "KPI-HR-04")
    yield line("Bereik", f"({_dutch(figures.REACH)}%)", "KPI-HR-05")
    yield line("Structureel", f"{figures.STRUCTURAL} (87%)", "KPI-HR-06", _count)
    yield line("Incidenteel", f"{figures.INCIDENTAL} (13%)", "KPI-HR-07", _count)
    yield line("Individueel", f"{figures.INDIVIDUAL} (47%)", "KPI-HR-08", _count)
    yield line("Fte jeugdhulpprofessionals", _dutch(figures.FTE), "KPI-HR-09")
    yield line("Deelnemende gemeenten", figures.PARTICIPATING, "KPI-HR-14")
    yield line("Gemeenten met een school", figures.HOSTING, "KPI-HR-14-HOSTING")
    yield line("Jeugdhulpaanbieders", figures.PROVIDERS, "KPI-HR-14-PROVIDERS")


def _value(shown: Shown) -> str:
    return shown.value


def _of(shown: Shown) -> str:
    return f"{shown.numerator} van {shown.denominator}"


def _count(shown: Shown) -> str:
    return f"{shown.numerator} ({shown.value})"


def _dutch(number: object) -> str:
    return f"{number:,}".translate(str.maketrans(",.", ".,"))
