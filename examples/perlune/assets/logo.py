"""Draws the Perlune logo from strokes: a crescent moon that lets bubbles go, and the word in one line width.

Writes logo.svg (for light fields) and logo-light.svg (for dark fields and photos) beside this file.
"""
from math import cos, radians, sin
from pathlib import Path

HERE = Path(__file__).parent
RADIUS, TOP, BASE, WEIGHT, GAP = 34, 32, 100, 13, 25
MIDDLE = (TOP + BASE) / 2


def stroke(letter: str, x: float) -> tuple[str, float]:
    """The path of one letter whose ink starts at x, and its width between stroke centres."""
    right, centre = x + 2 * RADIUS, x + RADIUS
    if letter == "p":
        bowl = f"M{x} {MIDDLE}a{RADIUS} {RADIUS} 0 1 1 {2 * RADIUS} 0a{RADIUS} {RADIUS} 0 1 1 {-2 * RADIUS} 0"
        return f"M{x} {TOP}V{BASE + 40}{bowl}", 2 * RADIUS
    if letter == "e":
        end_x, end_y = centre + RADIUS * cos(radians(48)), MIDDLE + RADIUS * sin(radians(48))
        return f"M{x} {MIDDLE}H{right}A{RADIUS} {RADIUS} 0 1 0 {end_x:.1f} {end_y:.1f}", 2 * RADIUS
    if letter == "r":
        return f"M{x} {TOP}V{BASE}M{x} {MIDDLE}A{RADIUS} {RADIUS} 0 0 1 {x + 30} {TOP + .3}", 26
    if letter == "l":
        return f"M{x} -12V{BASE}", 0
    if letter == "u":
        return f"M{x} {TOP}V{MIDDLE}A{RADIUS} {RADIUS} 0 0 0 {right} {MIDDLE}V{TOP}M{right} {MIDDLE}V{BASE}", 2 * RADIUS
    if letter == "n":
        return f"M{x} {TOP}V{BASE}M{x} {MIDDLE}A{RADIUS} {RADIUS} 0 0 1 {right} {MIDDLE}V{BASE}", 2 * RADIUS
    raise ValueError(letter)


def word(text: str) -> tuple[str, float]:
    x, paths = 0.0, []
    for letter in text:
        path, width = stroke(letter, x)
        paths.append(path)
        x += width + WEIGHT + GAP
    return "".join(paths), x - GAP - WEIGHT


MOON = "M70 4A62 62 0 1 0 122 100A52 52 0 1 1 70 4Z"


def mark(bubble: str) -> str:
    bubbles = "".join(f'<circle cx="{x}" cy="{y}" r="{r}"/>' for x, y, r in ((92, 62, 19), (121, 29, 11), (139, 3, 6)))
    return f'<path d="{MOON}" fill="currentColor"/><g fill="{bubble}">{bubbles}</g>'


def logo(ink: str, bubble: str) -> str:
    path, width = word("perlune")
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width + 232:.0f} 176" width="{width + 232:.0f}" height="176">
<title>Perlune</title>
<g color="{ink}">
<g transform="translate(18 22)">{mark(bubble)}</g>
<path transform="translate(206 24)" d="{path}" fill="none" stroke="currentColor" stroke-width="{WEIGHT}" \
stroke-linecap="round" stroke-linejoin="round"/>
</g>
</svg>
"""


if __name__ == "__main__":
    (HERE / "logo.svg").write_text(logo("#0B4A55", "#FF7E5F"))
    (HERE / "logo-light.svg").write_text(logo("#F7F4EC", "#8FDCC9"))
