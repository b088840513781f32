"""What a broker of our own runs on: what is missing is said with what to do, and foreign bytes are not run."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from jos.broker import software
from jos.broker.properties import Place, properties
from jos.broker.software import BrokerFailed, find_jars, find_java, hashes

Machine = Callable[..., dict[str, str]]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """`machine(java=..., mvn=...)` is an environment in which these programs, shell scripts, are all there is."""

    def make(**programs: str) -> dict[str, str]:
        folder = tmp_path / "bin"
        folder.mkdir()
        for name, script in programs.items():
            (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
            (folder / name).chmod(stat.S_IRWXU)
        return {"PATH": str(folder), "XDG_CACHE_HOME": str(tmp_path / "cache")}

    return make


def delivering(**jars: str) -> str:
    """A Maven that puts these jars where it is told to."""
    there = 'for word; do case "$word" in -DoutputDirectory=*) out="${word#*=}";; esac; done; /bin/mkdir -p "$out"'
    return "\n".join([there, *(f"printf %s '{content}' > \"$out/{name}.jar\"" for name, content in jars.items())])


def test_without_java_it_is_said_what_to_install(machine: Machine) -> None:
    with pytest.raises(BrokerFailed, match=r"Java 17 or newer.*apt-get install default-jre-headless"):
        find_java(machine())


@pytest.mark.parametrize("told", ['openjdk version "11.0.27" 2025-04-15', 'java version "1.8.0_402"', "no Java at all"])
def test_an_old_java_is_none(machine: Machine, told: str) -> None:
    with pytest.raises(BrokerFailed, match=r"Java 17 or newer; .*/java is none"):
        find_java(machine(java=f"echo '{told}' >&2"))


@pytest.mark.parametrize("told", ['openjdk version "17.0.15" 2025-04-15', 'openjdk version "25" 2025-09-16'])
def test_a_java_of_today_is_taken(machine: Machine, told: str) -> None:
    environment = machine(java=f"echo '{told}' >&2")
    assert find_java(environment) == Path(environment["PATH"], "java")


def test_the_java_of_java_home_goes_before_that_of_the_path(machine: Machine, tmp_path: Path) -> None:
    environment = machine(java="""echo 'version "21"' >&2""")
    with pytest.raises(BrokerFailed, match="there is none"):
        find_java({**environment, "JAVA_HOME": str(tmp_path / "nowhere")})


def test_without_maven_it_is_said_what_to_install(machine: Machine) -> None:
    with pytest.raises(BrokerFailed, match="apt-get install maven"):
        find_jars(machine())


def test_what_maven_says_is_passed_on(machine: Machine) -> None:
    with pytest.raises(BrokerFailed, match=r"does not obtain Kafka's jars: \[ERROR\] no route"):
        find_jars(machine(mvn="echo '[ERROR] no route'; exit 1"))


@pytest.mark.parametrize(
    ("jars", "named"),
    [
        ({"kafka": "other bytes"}, "kafka.jar"),
        ({"kafka": "good", "stranger": "bytes"}, "stranger.jar"),
        ({}, "kafka.jar"),
    ],
)
def test_a_jar_with_another_hash_is_not_used_nor_kept(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jars: dict[str, str], named: str
) -> None:
    """Another one, one too many, one too few."""
    environment = machine(mvn=delivering(**jars))
    _locked(tmp_path, monkeypatch)
    with pytest.raises(BrokerFailed, match=rf"other jars than jars\.lock names \({named}\): they are not used"):
        find_jars(environment)
    assert list((tmp_path / "cache").rglob("*.jar")) == []


def test_the_jars_that_were_named_are_obtained_once(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = machine(mvn=delivering(kafka="good"))
    _locked(tmp_path, monkeypatch)
    jars = find_jars(environment)
    assert [jar.name for jar in jars.iterdir()] == ["kafka.jar"]
    Path(environment["PATH"], "mvn").unlink()
    assert find_jars(environment) == jars


def test_a_cache_that_cannot_be_written_is_named(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    with pytest.raises(BrokerFailed, match=f"cannot be kept in {tmp_path}/cache"):
        find_jars(machine(mvn=delivering()))


def test_a_broker_makes_no_topic_by_itself_and_elects_nobody_who_may_have_lost_something() -> None:
    """One node has one copy; three keep three, of which two must have a record."""
    places = [Place(number, 9000 + number, 9100 + number) for number in (1, 2, 3)]
    for count, copies, in_sync in ((1, 1, 1), (3, 3, 2)):
        lines = properties(places[0], places[:count], "data").splitlines()
        assert {
            "auto.create.topics.enable=false",
            "unclean.leader.election.enable=false",
            f"default.replication.factor={copies}",
            f"min.insync.replicas={in_sync}",
        } <= {*lines}
        assert all("127.0.0.1" in line for line in lines if "listeners=" in line)


def _locked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One jar is named, with the hash of `good`."""
    (folder / "good").mkdir()
    (folder / "good" / "kafka.jar").write_text("good", encoding="utf-8")
    lock = folder / "jars.lock"
    lock.write_text(hashes(folder / "good"), encoding="utf-8")
    monkeypatch.setattr(software, "LOCK", lock)
