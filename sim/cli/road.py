"""Months on the onboarding road."""

from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.scenarios import kept_as, provenance_of
from sim.cli.terminal import table

if TYPE_CHECKING:
    from sim.results import Summary
    from sim.scenario import AdmissionsScenario


def walk_the_road(file: Path, scenario: "AdmissionsScenario", seed: int, out: Path, command: str) -> None:
    """Run it, put everything into the run's folder, and show the main numbers; `command` is what was typed."""
    from rich.console import Console

    from sim.report import render_road
    from sim.results import appearing, summarise_road, write
    from sim.run import admit

    with Console(stderr=True).status("the road") as status:
        outcome = admit(scenario, seed, say=status.update)
    facts = {"scenario": scenario.name, "seed": seed, **outcome.facts}
    summary = summarise_road(outcome.tables, facts, compared=outcome.compared, measured=outcome.measured)
    provenance = provenance_of(file, scenario.name, seed, "none", command)
    folder = out / f"{kept_as(file, scenario)}-{seed}"
    write(folder, outcome.tables, summary, provenance)
    with appearing(folder / "report.html") as unfinished:
        unfinished.write_text(render_road(outcome.tables, summary, provenance, scenario.question), encoding="utf-8")
    _print_road(summary, folder)


def _print_road(summary: "Summary", folder: Path) -> None:
    from rich.console import Console

    title = f"{summary['scenario']}, seed {summary['seed']}"
    rows = table(title, "kind", "begun", "returned", "refused", "live", "half, days", "90 %")
    everybody = {"begun": summary["institutions"], **summary["until_live"]}
    everybody["returned"], everybody["refused"] = (
        sum(row[name] for row in summary["by_kind"].values()) for name in ("returned", "refused")
    )
    for kind, row in [*summary["by_kind"].items(), ("all", everybody)]:
        days = [f"{row['days'][point]:.1f}" if row["live"] else "" for point in ("p50", "p90")]
        counts = [f"{row[name]:,}" for name in ("begun", "returned", "refused", "live")]
        if kind == "all":
            rows.add_section()
        rows.add_row(kind.lower().replace("_", " "), *counts, *days)
    console = Console()
    console.print(rows)
    if desk := summary["desks"].get(summary["bottleneck"]):
        console.print(
            f"[bold]The bottleneck is {summary['bottleneck']}[/bold]: {desk['backlog_peak']:,} waiting or in work on "
            f"{desk['backlog_peak_date']}."
        )
    console.print(f"Report: {folder / 'report.html'}", soft_wrap=True)
