"""docs/growing-up.md names what there is: settings, those of topics, readers, metrics, why a topic is made anew."""

import inspect
import re
from pathlib import Path

from prometheus_client.metrics import MetricWrapperBase

from services.kpi.ledger import CONSUMER
from shared.feeds import health
from shared.feeds.kafka import continuity, measured, relay
from shared.feeds.kafka.topics import configuration
from shared.settings import PREFIX, Settings
from tests.feeds.kafka.test_secured import PAGE, READERS

ROOT = Path(__file__).parents[3]


def section(title: str) -> str:
    """The text under a heading."""
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_every_setting_that_is_named_exists() -> None:
    named = set(re.findall(r"JOS_[A-Z_]+", PAGE))
    assert named <= {PREFIX + name.upper() for name in Settings.model_fields}


def test_every_setting_of_kafka_is_named() -> None:
    assert {PREFIX + name.upper() for name in Settings.model_fields if name.startswith("kafka_")} <= set(
        re.findall(r"JOS_[A-Z_]+", section("Settings"))
    )


def test_the_topics_settings_are_those_that_the_relay_gives() -> None:
    told = dict(re.findall(r"^\| `([a-z.]+)` \| `?([^|`]+)`? ", section("Topics"), re.MULTILINE))
    told["min.insync.replicas"] = "1"
    assert told == configuration(Settings(mode="demo"))


def test_every_metric_of_relays_and_readers_is_named() -> None:
    told = set(re.findall(r"`(jos_[a-z_]+)`", section("What to watch")))
    there = {
        sample.name + ("_total" if sample.type == "counter" else "")
        for module in (health, measured)
        for metric in vars(module).values()
        if isinstance(metric, MetricWrapperBase)
        for sample in metric.describe()
    }
    assert told == there


def test_every_reason_for_making_a_topic_anew_is_named() -> None:
    told = set(re.findall(r"^\| `([a-z]+)` \|", section("Filling a topic again"), re.MULTILINE))
    decided = set(re.findall(r'return "(\w+)"', inspect.getsource(continuity.replay_reason)))
    assert told == decided | set(re.findall(r'held, "(\w+)"\)', inspect.getsource(relay)))


def test_every_reader_of_a_topic_is_named_and_tried() -> None:
    """As the services open them; each is tried with the page's lists in test_secured.py."""
    sources = [file.read_text(encoding="utf-8") for file in (ROOT / "services").rglob("*.py")]
    named = {name for text in sources for name in re.findall(r'open_feed\([^)]*reader="([a-z-]+)"', text)}
    assert named | {CONSUMER} == {reader for _, reader, _, _ in READERS}
    assert [reader for reader in named | {CONSUMER} if reader not in PAGE] == []
