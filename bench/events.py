"""Events made up with the columns of UCDP GED: 418,000 rows added to a study, and 350,000 points put into 300 areas.

Each import is a `maillage add` in a process of its own, start included, for as many rows and for 1 and 4 sixteenths
of them: time and memory must grow no faster than the rows. Placing is measured beside geopandas on the same
points and areas in the same process, which must give the same areas. Prints one JSON object.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import shapely

import made_events

ROWS, POINTS, RUNS = 418_000, 350_000, 3
TIMES = (1, 4, 16)
CHILD = (
    "import sys, resource; from maillage.app.cli import main\n"
    "try: main(sys.argv[1:])\n"
    "except SystemExit as end: assert not end.code, end.code\n"
    "used = resource.getrusage(resource.RUSAGE_SELF)\n"
    "print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, file=sys.stderr)"
)


def imported(file: Path, study: Path, folder: Path) -> tuple[float, float, float]:
    """Wall seconds, processor seconds and memory (MB) of `maillage add` into a copy of the study."""
    copy = folder / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(study, copy)
    words = [sys.executable, "-c", CHILD, "add", str(file), "--study", str(copy), "--as", "events"]
    environment = os.environ | {"MAILLAGE_CONFIG": str(folder / "config")}
    start = time.perf_counter()
    done = subprocess.run(words, check=True, capture_output=True, text=True, env=environment)
    took = time.perf_counter() - start
    used, memory = map(float, done.stderr.split()[-2:])
    return took, used, memory


def grown(folder: Path) -> dict[str, Any]:
    """The import at each size, medians."""
    study, found = made_events.study(folder / "study"), dict[str, Any]()
    for rows in (*(ROWS // 16 * times for times in TIMES[:-1]), ROWS):
        file = folder / "ged.csv"
        made_events.ged(rows).write_csv(file)
        runs = [imported(file, study, folder) for _ in range(RUNS)]
        took, used, memory = (median(column) for column in zip(*runs, strict=True))
        found[str(rows)] = {"s": took, "cpu_s": used, "mb": memory, "file_mb": file.stat().st_size / 1e6}
    return found


def timed(work: Callable[[], object]) -> float:
    times: list[float] = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return median(times)


def placed() -> dict[str, float]:
    """350,000 points into 300 areas, ours and geopandas from the same arrays; at 1, 4 and 16 times a 16th of them."""
    import geopandas

    from maillage.intake.geometry import located

    outlines = {code: shapely.Polygon(corners) for code, corners in made_events.squares().items()}
    areas = geopandas.GeoDataFrame({"code": list(outlines)}, geometry=list(outlines.values()), crs="EPSG:4326")
    found: dict[str, float] = {}
    for rows in (POINTS // 16, POINTS // 4, POINTS):
        points = made_events.ged(rows)
        lon, lat = points["longitude"].to_numpy(), points["latitude"].to_numpy()

        def peer(lon: Any = lon, lat: Any = lat) -> Any:
            frame = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(lon, lat), crs="EPSG:4326")
            return frame.sjoin(areas, how="left", predicate="intersects")

        def ours(lon: Any = lon, lat: Any = lat) -> Any:
            return located(lon, lat, outlines)[0]

        found |= {f"place_{rows}_s": timed(ours), f"geopandas_{rows}_s": timed(peer)}
        joined = peer()
        first = joined["code"].fillna("").groupby(level=0).min()  # on a border: the lowest code
        assert (first == ours().fill_null("").to_list()).all(), "the two place points differently"
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        sizes = grown(Path(name))
    whole, places = sizes[str(ROWS)], placed()
    result: dict[str, Any] = {"import_s": whole["s"], "import_cpu_s": whole["cpu_s"], "import_mb": whole["mb"]}
    result |= {"place_s": places[f"place_{POINTS}_s"], "geopandas_s": places[f"geopandas_{POINTS}_s"]}
    json.dump({**result, "sizes": sizes, "places": places}, sys.stdout)


if __name__ == "__main__":
    main()
