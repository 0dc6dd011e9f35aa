"""Run every measurement and write bench/RESULTS.md: what, how long, the peer in the same run, the goal, the machine."""

import datetime
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TEAM = ("replay", "merge", "overlap", "together", "agreement")


def measured(name: str) -> dict[str, Any]:
    print(f"bench/{name}.py ...", file=sys.stderr)
    done = subprocess.run([sys.executable, HERE / f"{name}.py"], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def machine() -> str:
    model = "processor unknown"
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [
            line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        model = names[0] if names else platform.machine()
    system = f"{platform.system()} {platform.release().split('-')[0]}"
    return f"{os.cpu_count()} cores, {model}, {system}, Python {platform.python_version()}"


def rows() -> list[tuple[str, str, str, str]]:
    release, start, log = measured("release_mali"), measured("start_up"), measured("verify_log")
    floor = f"{release['floor_s']:.2f} s (fonts and two empty PDF, nothing else)"
    peer = f"{log['peer']:.2f} s (json and hashlib of the standard library)"
    qda, team, small = measured("qda"), measured("team"), measured("small_study")
    gate = measured("gate")
    slowest = max(times["median"] for times in measured("workbench")["actions"].values())
    floor_qda = f"parse of the XML alone {qda['floor_s']:.2f} s"
    load = f"{floor_qda}; pyrefiqda {qda['pyrefiqda_load_s']:.1f} s; qdpxlib, a tenth {qda['qdpxlib_tenth_s']:.1f} s"
    save = f"{floor_qda}; pyrefiqda {qda['pyrefiqda_save_s']:.1f} s"
    index, network, spots = measured("index"), measured("network"), measured("hot_spots")
    draws = f"a draw at a time {index['loop_s']:.0f} s ({index['loop_s'] / index['draws_s']:.0f} times as long)"
    peer_network = f"igraph {network['igraph_s']:.2f} s"
    months = f"esda, all months, and a trend a place {spots['peer_s']:.2f} s"
    events = measured("events")
    sizes = [(f"the import at {int(rows):,} rows, {size['file_mb']:.0f} MB",
              f"{size['s']:.2f} s, {size['mb']:.0f} MB", "", "") for rows, size in events["sizes"].items()]  # fmt: skip
    join = f"geopandas {events['geopandas_s']:.2f} s"
    bare = f"{start['python']:.3f} s (bare Python), {start['click']:.3f} s (click)"
    bare_append = f"{team['single_floor_per_s']:,.0f} /s (write and fdatasync alone)"
    return [
        ("release of Mali, two languages, cold", f"{release['cold_s']:.2f} s", floor, "10 s"),
        ("the same after one new observation", f"{release['warm_s']:.2f} s", floor, "4 s"),
        ("memory at its peak", f"{release['peak_mb']:.0f} MB", "", "800 MB"),
        ("`maillage --help`", f"{start['help']:.3f} s", bare, "0.15 s"),
        ("verify 100,000 log entries", f"{log['ours']:.2f} s", peer, "0.6 s"),
        ("append them in one batch, on the disk before acknowledged", f"{100_000 / log['append_s']:,.0f} /s", "", ""),
        ("append one by one, each on the disk first", f"{team['single_per_s']:,.0f} /s", bare_append, "2,000 /s"),
        ("open, replay, measure 39 interviews in a started process", f"{small['first_s']:.2f} s", "", "1 s"),
        ("an action in the workbench on 39 interviews, the slowest of nine", f"{slowest:.3f} s", "", "0.1 s"),
        (
            "the gate on 39 interviews, for the public",
            f"{gate['practice_public']['s']:.2f} s",
            f"{gate['practice_public']['kept']:.0%} of what passes alone is published",
            "5 s",
        ),
        (
            "the same after a release to partners",
            f"{gate['practice_public_after_partners']['s']:.2f} s",
            "",
            "5 s",
        ),
        (
            "the gate on 400 interviews",
            f"{gate['generated_400_public']['s']:.2f} s",
            f"{gate['generated_400_public']['kept']:.0%} of what passes alone is published",
            "60 s",
        ),
        ("replay 100,000 passages of three coders", f"{team['replay_s']:.2f} s", "", "2 s"),
        ("merge two copies of such a study, 1,000 texts", f"{team['merge_s']:.2f} s", "", "3 s"),
        ("overlap of the passages of all pairs of coders", f"{team['overlap_s']:.2f} s", "", "1 s"),
        ("co-occurrence of their codes", f"{team['together_s']:.2f} s", "", "1 s"),
        ("agreement of three coders, 100,000 codings, 1,000 draws", f"{team['agreement_s']:.2f} s", "", "1 s"),
        ("memory, the most of these five", f"{max(team[f'{name}_mb'] for name in TEAM):.0f} MB", "", "600 MB"),
        ("import a coding project, 100,000 codings, 17.7 M characters", f"{qda['import_s']:.2f} s", load, "5 s"),
        ("export it", f"{qda['export_s']:.2f} s", save, "4 s"),
        ("memory of the two", f"{max(qda['import_mb'], qda['export_mb']):.0f} MB", "", "600 MB"),
        ("ranks of an index of 51 units x 49 indicators, 10,000 draws", f"{index['draws_s']:.2f} s", draws, "1 s"),
        ("Sobol indices of it, N = 1,024", f"{index['sobol_s']:.2f} s", "", ""),
        ("brokers of 2,000 actors and 6,000 ties", f"{network['ours_s']:.2f} s", peer_network, "1 s"),
        ("Gi* and trend of 1,000 places x 60 months", f"{spots['ours_s']:.3f} s", months, "0.05 s"),
        ("Gi* of them alone", f"{spots['gi_s']:.3f} s", f"esda {spots['esda_s']:.2f} s", ""),
        ("import 418,000 events of 49 columns, as UCDP GED", f"{events['import_s']:.2f} s", "", "5 s"),
        ("memory of that", f"{events['import_mb']:.0f} MB", "", "800 MB"),
        ("350,000 events into 300 areas", f"{events['place_s']:.2f} s", join, "0.8 s"),
        *sizes,
    ]  # fmt: skip


def main() -> None:
    table = ["| what | measured | beside it, in the same run | goal |", "|---|---|---|---|"]
    table += ["| " + " | ".join(row) + " |" for row in rows()]
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    head = f"# Results\n\n`make bench`, {day}; {machine()}. Medians; one script a number in this folder.\n\n"
    (HERE / "RESULTS.md").write_text(head + "\n".join(table) + "\n", "utf-8")
    print((HERE / "RESULTS.md").read_text("utf-8"))


if __name__ == "__main__":
    main()
