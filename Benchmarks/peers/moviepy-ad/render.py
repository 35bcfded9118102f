"""The reference ad with MoviePy: `render.py PICTURES SOUND.wav OUT.mp4`."""
import math
import sys
from pathlib import Path

import numpy as np
from moviepy import AudioFileClip, CompositeVideoClip, ImageClip, VideoClip
from moviepy.video.fx import CrossFadeIn

W, H, RATE = 1080, 1920, 30


def gradient(first: str, second: str, seconds: float, degrees) -> VideoClip:
    a, b = (np.array([int(c[i:i + 2], 16) for i in (0, 2, 4)], np.float32) for c in (first, second))
    y, x = np.mgrid[0:H, 0:W].astype(np.float32) + 0.5

    def frame(t: float) -> np.ndarray:
        angle = math.radians(degrees(t))
        dx, dy = math.cos(angle), math.sin(angle)
        length = abs(dx) * W + abs(dy) * H
        p = ((x - W / 2) * dx + (y - H / 2) * dy) / length + 0.5
        return (a + (b - a) * p[..., None]).astype(np.uint8)

    return VideoClip(frame, duration=seconds)


def still(first: str, second: str, seconds: float, degrees: float) -> ImageClip:
    return ImageClip(gradient(first, second, 1, lambda _: degrees).get_frame(0), duration=seconds)


def main() -> None:
    pictures, sound, output = Path(sys.argv[1]), sys.argv[2], sys.argv[3]

    def picture(name: str, seconds: float) -> ImageClip:
        return ImageClip(str(pictures / f"{name}.png"), duration=seconds)

    def centred(clip: ImageClip, share: float) -> ImageClip:
        return clip.with_position(((W - clip.w) / 2, H * share - clip.h / 2))

    words = []
    for line in range(3):
        start = 0.2 + 0.3 * line
        word = picture(f"word{line + 1}", 4 - start)
        top = H * (0.38 + 0.1 * line) - word.h / 2
        left = (W - word.w) / 2
        words.append(
            word.with_start(start).with_effects([CrossFadeIn(0.6)]).with_position(
                lambda t, top=top, left=left: (left, top + 80 * (1 - min(1, t / 0.6)) ** 3)))
    one = CompositeVideoClip([gradient("142A6E", "7A3FF2", 4, lambda t: 60 + 22.5 * t), *words], size=(W, H))

    photo = picture("photo", 4.5).resized(lambda t: 0.8 * (1 + 0.15 * t / 4.5)).with_position("center")
    two = CompositeVideoClip([photo, centred(picture("panel", 4.5), 0.78)], size=(W, H))

    product = picture("product", 4).rotated(lambda t: 4 - 2 * t).with_position(
        lambda t: ((W - turned(t)) / 2, H * 0.46 - turned(t) / 2))

    def turned(t: float) -> float:
        angle = abs(math.radians(4 - 2 * t))
        return 800 * (math.cos(angle) + math.sin(angle))

    def back(t: float) -> float:
        p = min(1, max(1e-2, t / 0.6))
        return max(0.01, 1 + 2.70158 * (p - 1) ** 3 + 1.70158 * (p - 1) ** 2)

    badge = picture("badge", 3.3).with_start(0.7).resized(back).with_position(
        lambda t: (W / 2 + 330 - 150 * back(t), H * 0.27 - 150 * back(t)))
    three = CompositeVideoClip([still("FFB65C", "FF5E7A", 4, 120), product, badge], size=(W, H))

    def pulse(t: float) -> float:
        return 1 + 0.05 * math.sin(3 * math.pi * t)

    button = picture("button", 4).resized(pulse).with_position(
        lambda t: (W / 2 - 310 * pulse(t), H * 0.55 - 85 * pulse(t)))
    four = CompositeVideoClip(
        [still("0B4A55", "0A0F2C", 4, 90), centred(picture("headline", 4), 0.4), button,
         centred(picture("address", 4), 0.68)], size=(W, H))

    film = CompositeVideoClip(
        [one, two.with_start(3.5).with_effects([CrossFadeIn(0.5)]), three.with_start(7.5).with_effects([CrossFadeIn(0.5)]),
         four.with_start(11).with_effects([CrossFadeIn(0.5)])], size=(W, H)).with_duration(15)
    film = film.with_audio(AudioFileClip(sound).with_duration(15))
    film.write_videofile(
        output, fps=RATE, codec="libx264", preset="veryfast", ffmpeg_params=["-crf", "20"], audio_codec="aac", threads=2,
        logger=None)


if __name__ == "__main__":
    main()
