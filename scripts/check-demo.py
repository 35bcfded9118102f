"""Holds a demo's summary to outside judges. Prints what was checked; exits 1 and names whatever is not as promised."""

import hashlib
import json
import pathlib
import subprocess
import sys

SHAPES = {"tiktok.infeed": (1080, 1920), "facebook.feed_square": (1080, 1080), "youtube.bumper": (1920, 1080)}
KEYS = {
    "campaign", "segments", "variants", "renditions", "events", "verdicts", "decisions", "regenerated", "report",
    "dashboard_url", "seconds",
}
wrong: list[str] = []


def expect(holds: bool, what: str) -> None:
    if not holds:
        wrong.append(what)


def check_file(file: dict) -> None:
    path = file["path"]
    expect(hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest() == file["sha256"], f"{path}: other bytes")
    probe = json.loads(subprocess.run(
        ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", path],
        capture_output=True, check=True).stdout)
    video = next(s for s in probe["streams"] if s["codec_type"] == "video")
    size = (video["width"], video["height"])
    expect(size == SHAPES[file["placement"]] == (file["width"], file["height"]), f"{path}: is {size}")
    expect(abs(float(probe["format"]["duration"]) - file["duration_s"]) < 0.05, f"{path}: wrong duration")
    expect(any(s["codec_name"] == "aac" for s in probe["streams"]), f"{path}: has no AAC sound")
    decoded = subprocess.run(
        ["ffmpeg", "-v", "error", "-xerror", "-i", path, "-f", "null", "-"], capture_output=True, text=True)
    expect(decoded.returncode == 0 and not decoded.stderr, f"{path}: does not decode: {decoded.stderr[:200]}")


def main() -> int:
    summary = json.loads(pathlib.Path(sys.argv[1]).read_text())
    expect(KEYS <= summary.keys(), f"keys are missing: {sorted(KEYS - summary.keys())}")
    for file in summary["renditions"]:
        check_file(file)
    expect(len(summary["renditions"]) >= 27, f"only {len(summary['renditions'])} files")
    events = summary["events"]
    expect(events["stored"] == events["acknowledged"] > 0, f"events: {events}")
    answered = sum(events[k] for k in ("acknowledged", "duplicates", "quarantined", "rejected"))
    expect(events["sent"] == answered, f"events sent and answered differ: {events}")
    expect(0 < events["filtered"] < 0.03 * events["stored"], f"events filtered as invalid traffic: {events}")
    judged = [v for v in summary["verdicts"] if v["truth"] is not None and v["estimate"] is not None]
    held = [v for v in judged if v["low"] <= v["truth"] <= v["high"]]
    expect(len(held) > 0, "no interval holds the truth")
    kinds = {v["verdict"] for v in summary["verdicts"]}
    # Which claims are shown is a matter of chance, as with real people; that some are is not, with such a truth.
    expect(bool({"winner", "loser", "fatigued", "shifted"} & kinds), f"verdicts are only {sorted(kinds)}")
    remade = [r for r in summary["regenerated"] if len(r["renditions"]) == len(SHAPES)]
    expect(len(remade) > 0, "nothing was regenerated with all its files")
    for face in summary["report"].values():
        expect(pathlib.Path(face).stat().st_size > 1000, f"{face} is empty")
        expect("Filtered traffic" in pathlib.Path(face).read_text(), f"{face} does not tell what was filtered")
    print(
        f"{len(summary['renditions'])} files decode; {events['stored']} events stored of {events['acknowledged']} "
        f"acknowledged; {len(held)} of {len(judged)} intervals hold the truth; {len(remade)} versions regenerated; "
        f"{summary['seconds']['total']:.0f} s")
    for line in wrong:
        print(f"wrong: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
