"""`make faults`: the full tier. At least 500 kills and 1,000 cut replies, then every other test of this folder.

One seed gives every choice and is printed; `--seed` makes the same choices again. Ends with 1 when a checker is red,
when a fault hardly fired (a run that proves nothing), or when a test fails.
"""

import argparse
import asyncio
import logging
import os
import random
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

import structlog

from tests.faults.appending import SERVICE, Appending
from tests.faults.campaign import OTHERS, WEIGHTS, Campaign
from tests.faults.checkers import Violation
from tests.faults.history import faults
from tests.faults.stack import stack
from tests.faults.victim import victim

PER_LOG = 50
"""Kills of the server under writers of the log alone, before the next begins with empty databases."""
PER_CAMPAIGN = 100
"""Kills in one installation, before the next begins on an empty disk."""
CUT = 0.25
"""The part of the answers that the network loses all the while."""


@dataclass
class Figures:
    """What fired in all campaigns, and what was found."""

    kills: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    cut: int = 0
    answers: int = 0
    longest: float = 0.0
    red: list[Violation] = field(default_factory=list)

    def add(self, campaign: Campaign, found: list[Violation]) -> None:
        """One campaign more."""
        self.kills += campaign.kills
        self.others += campaign.other
        self.verdicts += campaign.load.verdicts
        self.requests += campaign.load.statuses.total()
        self.cut += campaign.replies_cut
        self.answers += len(campaign.answers)
        self.longest = max([self.longest, *(fault.seconds for fault in faults(campaign.path))])
        self.red += found

    def lines(self) -> str:
        """What happened, for the terminal and for docs/guarantees.md."""
        return "\n".join(
            (
                f"kills         {self.kills.total()}: {_listed(self.kills)}",
                f"replies cut   {self.cut}",
                f"other faults  {self.others.total()}: {_listed(self.others)}",
                f"requests      {self.requests}; verdicts {_listed(self.verdicts)}",
                f"answers of the gateway {self.answers}",
                f"longest way back {self.longest:.1f} s",
                *(f"RED {one.guarantee} {one.what}" for one in self.red),
            )
        )


async def campaign(seed: str, kills: int, figures: Figures) -> None:
    """One installation, killed this many times."""
    chance = random.Random(seed)  # noqa: S311
    home = Path(tempfile.mkdtemp(prefix="jos-faults-"))
    home.chmod(0o755)  # noqa: ASYNC240 - PostgreSQL, which never runs as root, must get there
    async with stack(home, chance) as running:
        one = Campaign(running, home / "history.jsonl", chance)
        await one.start()
        one.bad_network(CUT)
        while one.kills.total() < kills:
            await one.fire(chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0])
            if chance.random() < 0.15:
                await one.fire(chance.choice(OTHERS))
        found = await one.end()
        figures.add(one, found)
    if found:
        _say(f"kept: {home}")
    else:
        shutil.rmtree(home, ignore_errors=True)


async def campaigns(seed: int, kills: int, figures: Figures) -> None:
    """As many installations as it takes."""
    number = 0
    while figures.kills.total() < kills:
        number += 1
        began = time.monotonic()
        await campaign(f"{seed} {number}", min(PER_CAMPAIGN, kills - figures.kills.total()), figures)
        _say(f"-- campaign {number}, {time.monotonic() - began:.0f} s\n{figures.lines()}")


async def at_the_log(seed: int, kills: int, figures: Figures) -> None:
    """Writers and readers of the log alone, on a server that is killed as fast as it comes back."""
    home = Path(tempfile.mkdtemp(prefix="jos-faults-"))
    home.chmod(0o755)  # noqa: ASYNC240 - PostgreSQL, which never runs as root, must get there
    async with victim(home) as one:
        for number in range(1, kills // PER_LOG + 1):
            prefix = f"l{number}_"
            other = replace(one, settings=one.settings.model_copy(update={"database_prefix": prefix}))
            await one.cluster.make_database(other.settings, SERVICE, SERVICE)
            chance = random.Random(f"{seed} log {number}")  # noqa: S311
            run = Appending(other, home / f"{prefix}history.jsonl", chance, kills=PER_LOG, events=20 * PER_LOG)
            figures.red += await run.run()
            fired = list(faults(run.path))
            figures.kills.update(f"{fault.target} (log alone)" for fault in fired)
            figures.longest = max([figures.longest, *(fault.seconds for fault in fired)])
            figures.verdicts["acknowledged (log alone)"] += run.acknowledged
    shutil.rmtree(home, ignore_errors=True)


def main() -> int:
    """Run everything; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32))
    parser.add_argument("--kills", type=int, default=220)
    parser.add_argument("--log-kills", type=int, default=300)
    parser.add_argument("--cuts", type=int, default=1000)
    parser.add_argument("--campaigns-only", action="store_true")
    asked = parser.parse_args()
    _say(f"seed {asked.seed}")
    logging.disable()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    figures = Figures()
    asyncio.run(at_the_log(asked.seed, asked.log_kills, figures))
    _say(f"-- log alone\n{figures.lines()}")
    asyncio.run(campaigns(asked.seed, asked.kills + figures.kills.total(), figures))
    logging.disable(logging.NOTSET)
    if figures.cut < asked.cuts:
        _say(f"VACUOUS: only {figures.cut} replies were cut")
    tests = 0 if asked.campaigns_only else _full_tier()
    return int(bool(figures.red) or figures.cut < asked.cuts or bool(tests))


def _full_tier() -> int:
    """The tests of this folder in their full size, in a process where nothing was imported before them."""
    command = [sys.executable, "-m", "pytest", str(Path(__file__).parent)]
    return subprocess.run(command, env={**os.environ, "FAULTS": "full"}, check=False).returncode


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.most_common())


if __name__ == "__main__":
    sys.exit(main())
