"""What to try next: an example to copy for each kind of user, on the installation that runs."""

import json
from collections.abc import Iterator
from shlex import quote

from jos.demo.clients import ADMIN, ANALYST, BI, EHR, STEWARD, everyone
from jos.demo.records import CloudEvent
from jos.demo.schools import PERIOD, PROGRAMME
from jos.installation import DEFAULT, Running

LIFETIME = 15
"""Minutes that a token lives."""

PAGE = (
    f'{{ josFigures(programme: "{PROGRAMME}", period: "{PERIOD}") '
    "{ recipients reach structuralShare individualShare fte coverage { reporting expected } } }"
)
SERIES = (
    f'{{ kpi(code: "KPI-HR-04") {{ series(filter: {{programme: "{PROGRAMME}", period: "{PERIOD}", basis: EVENTS}}, '
    "per: QUARTER) { periods values } } }"
)


def where_everything_is(running: Running, jos: str) -> str:
    """The URLs, the clients, and how to get a token; `jos` is how the command is written here."""
    return "\n".join(_places(running, jos))


def examples(running: Running, jos: str, event: CloudEvent) -> str:
    """Four examples; `event` is one that was pushed before, so that its verdict is `duplicate`."""
    return "\n".join(_examples(running, jos, event))


def _places(running: Running, jos: str) -> Iterator[str]:
    yield "\nWhere everything is"
    for name, url in running.baseUrls.items():
        yield f"  {name:14} {url}"
    yield f"  {'token endpoint':14} {running.tokenEndpoint}"
    yield f"  {'feed':14} {running.carrier}"
    yield f"\nTokens live {LIFETIME} minutes; a fresh one of any client:"
    yield f"  {_token(running, jos, EHR)}"
    yield f"Clients: {', '.join(who.id for who in everyone())}"


def _examples(running: Running, jos: str, event: CloudEvent) -> Iterator[str]:
    urls = running.baseUrls
    yield "\n1. An EHR pushes an event (again: the verdict is duplicate)"
    yield _curl(running, jos, EHR, f"{urls['interventions']}/events", event, "application/cloudevents+json")
    yield "\n2. A municipal dashboard asks the page's figures"
    yield _curl(running, jos, ANALYST, urls["gateway"], {"query": PAGE}, "application/json")
    yield "\n3. A BI analyst asks a series per quarter"
    yield _curl(running, jos, BI, urls["gateway"], {"query": SERIES}, "application/json")
    yield "\n4. An administrator looks up a school as it was on a day, and the steward its figures"
    yield f"  curl -s -H {_bearer(running, jos, ADMIN)} '{urls['registry']}/sites/99HA00?validOn=2022-03-01'"
    yield f"  {jos} figures {PROGRAMME} {PERIOD} --client {STEWARD}{_data(running)}"


def _curl(running: Running, jos: str, client: str, url: str, body: object, content_type: str) -> str:
    text = json.dumps(body, ensure_ascii=False)
    return (
        f"  curl -s {url} -H {_bearer(running, jos, client)} \\\n    -H 'Content-Type: {content_type}' -d {quote(text)}"
    )


def _bearer(running: Running, jos: str, client: str) -> str:
    return f'"Authorization: Bearer $({_token(running, jos, client)})"'


def _token(running: Running, jos: str, client: str) -> str:
    return f"{jos} token --client {client}{_data(running)}"


def _data(running: Running) -> str:
    """Which installation, unless it is the usual one."""
    return "" if running.data == str(DEFAULT.absolute()) else f" --data {quote(running.data)}"
