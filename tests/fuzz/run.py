"""Let atheris look for inputs that a parser does not survive (`make fuzz`), each parser in its own process.

An input is a fault when a parser raises anything but its own refusals, takes more than two seconds, or needs
more than 256 MiB beyond what the program itself takes. It is kept in the folder that is printed.
"""

import argparse
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
_SECONDS_EACH = 2
_PROGRAM_MIB = 256  # the interpreter with all that the targets import, watched line by line
_MEMORY_MIB = _PROGRAM_MIB + 256
_TOLD = ("stat::number_of_executed_units", "SUMMARY")
_WATCHED = ["verifier", "ob3", "keys", "microcredential.elm", "issuer.sheets", "issuer.badge_upload"]


def main() -> int:
    """Fuzz every target, or those named, for so many seconds each; two at a time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", help="all of them where none is named")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--keep", type=Path, help="folder for what was found; a temporary one otherwise")
    asked = parser.parse_args()
    names = asked.targets or _names()
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="fuzz-"))
    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(lambda name: _fuzzed(name, folder / name, asked.seconds), names))
    for name, (fault, told) in zip(names, ended, strict=True):
        print(f"{'FAULT' if fault else 'ok':5} {name}: {told}")
    faults = sum(fault for fault, _ in ended)
    print(f"{len(names)} parsers, {asked.seconds} s each, {faults} with faults; inputs in {folder}")
    return 1 if faults else 0


def _names() -> list[str]:
    sys.path[:0] = [str(ROOT), str(TESTS)]
    from fuzz_targets import TARGETS

    return sorted(TARGETS)


def _fuzzed(name: str, folder: Path, seconds: int) -> tuple[bool, str]:
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    with (folder / "log").open("wb") as log:
        command = [sys.executable, __file__, "--one", name, str(folder), str(seconds)]
        ended = subprocess.run(command, cwd=ROOT, stdout=log, stderr=log, check=False)
    lines = (folder / "log").read_text(errors="replace").splitlines()
    told = next((line for line in reversed(lines) if line.startswith(_TOLD)), "no answer")
    faults = [
        one.name for one in folder.iterdir() if one.name.startswith(("crash", "timeout", "oom", "slow"))
    ]
    return ended.returncode != 0 or bool(faults), ", ".join([told, *faults])


def one(name: str, folder: Path, seconds: int) -> None:
    """Fuzz one target in this process; ends the process."""
    sys.path[:0] = [str(ROOT), str(TESTS)]
    import atheris

    with atheris.instrument_imports(include=_WATCHED):
        from fuzz_targets import TARGETS
    target = TARGETS[name]
    for number, seed in enumerate(target.seeds):
        (folder / "corpus" / f"seed-{number}").write_bytes(seed)
    options = [
        f"-max_total_time={seconds}",
        f"-timeout={_SECONDS_EACH}",
        f"-rss_limit_mb={_MEMORY_MIB}",
        f"-artifact_prefix={folder}/",
        "-max_len=65536",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(folder / "corpus")], target)
    atheris.Fuzz()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
    else:
        sys.exit(main())
