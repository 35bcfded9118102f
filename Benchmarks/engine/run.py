"""One round of `scripts/bench engine`: `run.py FOLDER ENGINE_BENCH ASSETS MOVIEPY_PYTHON`.

Everything is timed from outside, process start to exit, by the wall clock, one after the other; docs/benchmarks.md says
what is what.
"""
import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHAPES = 3
VERSIONS = 12


def timed(command: list, **options) -> float:
    start = time.monotonic()
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, **options)
    return time.monotonic() - start


def said(command: list) -> dict:
    result = subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(result.stdout.strip().splitlines()[-1])


def main() -> None:
    folder, bench, assets, python = Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
    figures: dict[str, float] = {}
    ratios: dict[str, float] = {}
    only = set(filter(None, os.environ.get("RETAKE_BENCH_PARTS", "").split(",")))

    def wanted(part: str) -> bool:
        return not only or part in only

    def render(*arguments) -> tuple[float, dict]:
        start = time.monotonic()
        answer = said([bench, "render", assets, *arguments])
        return time.monotonic() - start, answer

    if wanted("kernels"):
        kernels = said([bench, "kernels"])
        figures |= {name: value for name, value in kernels.items() if name.startswith("kernel_")}
        for ours, theirs in [("over", "cairo_over"), ("over_panel", "cairo_over_panel"), ("gradient", "cairo_gradient"),
                             ("i420", "swscale_i420")]:
            ratios[theirs.replace("_" + ours, f"_vs_{ours}")] = kernels[f"{theirs}_ms"] / kernels[f"kernel_{ours}_ms"]

    if wanted("ad"):
        raw = folder / "ad.yuv"
        timed([bench, "raw", assets, raw])
        encode = timed(
            ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", "1080x1920", "-r", "30", "-i", raw,
             "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", folder / "encode.mp4"], stdin=subprocess.DEVNULL)
        ours, answer = render(folder / "ad.mp4")
        raw.unlink()
        figures |= {"render_s": ours, "encode_s": encode, "peak_rss_mb": answer["peak_rss_mb"]}
        ratios["encode_only"] = ours / encode
        ratios["bytes_vs_encode"] = answer["bytes"] / (folder / "encode.mp4").stat().st_size
        if wanted("peers"):
            pictures, sound = folder / "pictures", folder / "sound.wav"
            pictures.mkdir()
            said_nothing = [bench, "pictures", assets, pictures]
            timed(said_nothing)
            timed(["ffmpeg", "-v", "error", "-y", "-i", folder / "ad.mp4", "-vn", sound], stdin=subprocess.DEVNULL)
            theirs = timed([sys.executable, ROOT / "peers/ffmpeg-ad/render.py", pictures, sound, folder / "ffmpeg.mp4"])
            figures["ffmpeg_s"], ratios["ffmpeg"] = theirs, theirs / ours
            if python != "none":
                theirs = timed([python, ROOT / "peers/moviepy-ad/render.py", pictures, sound, folder / "moviepy.mp4"])
                figures["moviepy_s"], ratios["moviepy"] = theirs, theirs / ours

    if wanted("preview"):
        document = ROOT.parent / "examples/compositions/reference.yaml"
        figures["preview_first_frame_ms"] = 1000 * timed([bench, "first", document, folder / "first.png"])
        # The composition lasts 15 s.
        ratios["preview_vs_playing"] = 15 / timed([bench, "preview", document, folder / "preview.mp4"])

    if wanted("campaign"):
        cache = folder / "cache"

        def campaign(versions: int, *options) -> float:
            return timed([bench, "campaign", assets, folder, "--versions", versions, *options])

        # 36 full renders would take minutes and differ by nothing: one of each shape, twelve times.
        full = VERSIONS * campaign(1)
        ratios["shared_versions"] = campaign(VERSIONS, "--cache", cache) / full
        ratios["repeat"] = campaign(VERSIONS, "--cache", cache) / full
        figures["music_swap_ms"] = 1000 * campaign(VERSIONS, "--cache", cache, "--mood", "warm") / (VERSIONS * SHAPES)
    print(json.dumps({"figures": figures, "ratios": ratios}))


if __name__ == "__main__":
    main()
