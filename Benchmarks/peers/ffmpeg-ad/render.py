"""The reference ad as one ffmpeg filtergraph: `render.py PICTURES SOUND.wav OUT.mp4`.

PICTURES is what `engine-bench pictures` writes: the same words, photo, panel, product, badge and button that our
engine composes, so that both do the same work. Written the way the filters' documentation suggests: pictures are
looped inputs, motion is in `overlay`, `rotate`, `zoompan` and `scale` expressions, transitions are `xfade`.
"""
import subprocess
import sys
from pathlib import Path

W, H, RATE = 1080, 1920, 30


def main() -> None:
    pictures, sound, output = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    inputs: list[str] = []
    filters: list[str] = []

    def picture(name: str, seconds: float) -> str:
        number = inputs.count("-i")
        inputs.extend(["-loop", "1", "-framerate", str(RATE), "-t", str(seconds), "-i", str(pictures / f"{name}.png")])
        return f"[{number}:v]"

    def ground(name: str, seconds: float, colours: tuple[str, str], line: tuple[int, int, int, int], speed: float) -> None:
        x0, y0, x1, y1 = line
        filters.append(
            f"gradients=s={W}x{H}:r={RATE}:d={seconds}:c0={colours[0]}:c1={colours[1]}:x0={x0}:y0={y0}:x1={x1}:y1={y1}"
            f":nb_colors=2:speed={speed}[{name}]")

    # 1: turning gradient, three words that rise and fade in.
    ground("g1", 4, ("0x142A6E", "0x7A3FF2"), (200, 100, 880, 1820), 0.013)
    below = "[g1]"
    for line in range(3):
        start = 0.2 + 0.3 * line
        source = picture(f"word{line + 1}", 4)
        filters.append(f"{source}format=yuva420p,fade=t=in:st={start}:d=0.6:alpha=1[w{line}]")
        filters.append(
            f"{below}[w{line}]overlay=x=(W-w)/2:y='H*{0.38 + 0.1 * line:.2f}-h/2"
            f"+80*pow(1-clip((t-{start})/0.6,0,1),3)':eval=frame[s1{line}]")
        below = f"[s1{line}]"
    filters.append(f"{below}format=yuv420p,settb=1/{RATE}[one]")

    # 2: slow zoom, panel. zoompan moves by whole pixels of its input, hence the enlarged input.
    photo, panel = picture("photo", 4.5), picture("panel", 4.5)
    filters.append(
        f"{photo}trim=end_frame=1,scale=2160:3840,zoompan=z='1+0.15*on/135':x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2'"
        f":d=135:s={W}x{H}:fps={RATE}[zoomed]")
    filters.append(f"[zoomed]{panel}overlay=x=(W-w)/2:y=H*0.78-h/2,format=yuv420p,settb=1/{RATE}[two]")

    # 3: turning product, badge that pops in.
    ground("g3", 4, ("0xFFB65C", "0xFF5E7A"), (900, 200, 180, 1720), 0.00001)
    product, badge = picture("product", 4), picture("badge", 4)
    filters.append(f"{product}format=rgba,rotate=a='(-4+2*t)*PI/180':c=none:ow=rotw(0.1):oh=roth(0.1)[turned]")
    back = "(1+2.70158*pow(clip((t-0.7)/0.6,0.0001,1)-1,3)+1.70158*pow(clip((t-0.7)/0.6,0.0001,1)-1,2))"
    filters.append(f"{badge}format=rgba,scale=w='max(2,300*{back})':h=-1:eval=frame[popped]")
    filters.append("[g3][turned]overlay=x=(W-w)/2:y=H*0.46-h/2[s3a]")
    filters.append(
        f"[s3a][popped]overlay=x='W/2+330-w/2':y='H*0.27-h/2':eval=frame:enable='gt(t,0.7)',format=yuv420p,"
        f"settb=1/{RATE}[three]")

    # 4: headline, pulsing button, address.
    ground("g4", 4, ("0x0B4A55", "0x0A0F2C"), (540, 0, 540, 1919), 0.00001)
    headline, button, address = picture("headline", 4), picture("button", 4), picture("address", 4)
    filters.append("[g4]" + headline + "overlay=x=(W-w)/2:y=H*0.4-h/2[s4a]")
    filters.append(f"{button}format=rgba,scale=w='620*(1+0.05*sin(3*PI*t))':h=-1:eval=frame[pulsing]")
    filters.append("[s4a][pulsing]overlay=x=(W-w)/2:y=H*0.55-h/2:eval=frame[s4b]")
    filters.append("[s4b]" + address + f"overlay=x=(W-w)/2:y=H*0.68-h/2,format=yuv420p,settb=1/{RATE}[four]")

    filters.append("[one][two]xfade=duration=0.5:offset=3.5[ab]")
    filters.append("[ab][three]xfade=duration=0.5:offset=7.5[abc]")
    filters.append("[abc][four]xfade=duration=0.5:offset=11[all]")
    number = inputs.count("-i")
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", *inputs, "-i", sound, "-filter_complex", ";".join(filters), "-map", "[all]",
         "-map", f"{number}:a", "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-frames:v", "450", "-c:a", "aac",
         "-b:a", "192k", "-movflags", "+faststart", output], check=True, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
