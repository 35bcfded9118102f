"""Draws Perlune One, the sample campaign's bottle, as an SVG that looks like a studio shot.

Light comes from a tall softbox on the left and a strip on the right. The bottle stands on nothing: only its contact
shadow is drawn, so that it can be put before any picture. Drops are laid out by a seeded generator.
"""
import random
from pathlib import Path

from logo import MOON, WEIGHT, word

HERE = Path(__file__).parent
WIDTH, HEIGHT, X = 640, 1760, 320            # X: the axis
BODY, NECK, CAP = 205, 126, 134              # half widths
SHOULDER, COLLAR, FOOT, GROUND = 590, 432, 1560, 1672
EYE_Y, EYE = 975, 138                        # the round window
SAG = 9                                      # how far a level circle bends: we look down on it a little

BODY_PATH = (
    f"M{X - NECK} {COLLAR}C{X - NECK} 500 {X - BODY} 500 {X - BODY} {SHOULDER}V{FOOT}Q{X} {FOOT + 2 * SAG} {X + BODY} {FOOT}V{SHOULDER}"
    f"C{X + BODY} 500 {X + NECK} 500 {X + NECK} {COLLAR}Z")
FOOT_PATH = (
    f"M{X - BODY} {FOOT}V{GROUND - 40}C{X - BODY} {GROUND - 12} {X - BODY + 26} {GROUND} {X - BODY + 60} {GROUND}"
    f"Q{X} {GROUND + 17} {X + BODY - 60} {GROUND}C{X + BODY - 26} {GROUND} {X + BODY} {GROUND - 12} {X + BODY} {GROUND - 40}V{FOOT}"
    f"Q{X} {FOOT + 2 * SAG} {X - BODY} {FOOT}Z")
CAP_PATH = (
    f"M{X - CAP} 416V186C{X - CAP} 160 {X - CAP + 20} 146 {X - CAP + 46} 146H{X + CAP - 46}"
    f"C{X + CAP - 20} 146 {X + CAP} 160 {X + CAP} 186V416Z")


def stops(*pairs) -> str:
    out = []
    for offset, colour, *opacity in pairs:
        alpha = f' stop-opacity="{opacity[0]}"' if opacity else ""
        out.append(f'<stop offset="{offset}" stop-color="{colour}"{alpha}/>')
    return "".join(out)


STEEL = stops(
    (0, "#3b4347"), (.035, "#aab4b8"), (.09, "#59646a"), (.18, "#7f8b91"), (.27, "#f4f8f9"), (.36, "#ffffff"), (.43, "#c3ccd0"),
    (.56, "#707c82"), (.70, "#48535a"), (.82, "#5d696f"), (.90, "#d5dde0"), (.945, "#9aa6ab"), (1, "#2c3438"))
COAT = stops(
    (0, "#02191f"), (.03, "#1d5a64"), (.075, "#0a3a45"), (.16, "#0e5361"), (.27, "#2b8d98"), (.35, "#48aab1"), (.43, "#2a8792"),
    (.55, "#0f5f6d"), (.70, "#08414d"), (.83, "#052f39"), (.905, "#0d4d59"), (.95, "#2f8c95"), (.98, "#0c414b"), (1, "#02161b"))


def drops() -> str:
    """Condensation: few large drops, many small ones, none where they would hide the window or the word."""
    rng = random.Random(7)
    placed, out = [], []
    for wanted, low, high in ((16, 8.5, 12.5), (60, 4.6, 8), (330, 1.5, 4.2)):
        tries = 0
        while wanted and tries < 9000:
            tries += 1
            r = rng.uniform(low, high)
            across = rng.uniform(-.965, .965)
            x, y = X + across * (BODY - 6), rng.triangular(500, FOOT - 12, 1350)
            if y < SHOULDER + 30 and abs(x - X) > BODY - (SHOULDER + 40 - y) * .75:
                continue
            if ((x - X) ** 2 + (y - EYE_Y) ** 2) ** .5 < EYE + 38 + r:
                continue
            if abs(x - X) < 142 + r and 1196 - r < y < 1296 + r:
                continue
            if any((x - a) ** 2 + (y - b) ** 2 < (r + c + 1.5) ** 2 for a, b, c in placed):
                continue
            placed.append((x, y, r))
            wanted -= 1
            squeeze = max(.42, (1 - across * across) ** .5)          # seen aslant near the edges
            tall = rng.uniform(1.05, 1.3) if r > 4.5 else rng.uniform(.95, 1.12)
            if r > 10.5:                                             # the heaviest have run a little
                run = rng.uniform(60, 150)
                out.append(
                    f'<path d="M{x - r * .34:.1f} {y:.1f}Q{x - r * .12:.1f} {y - run * .6:.1f} {x:.1f} {y - run:.1f}'
                    f'Q{x + r * .12:.1f} {y - run * .6:.1f} {x + r * .34:.1f} {y:.1f}Z" fill="url(#trail)"/>')
            out.append(
                f'<use href="#drop" transform="translate({x:.1f} {y:.1f}) scale({r * squeeze / 10:.3f} {r * tall / 10:.3f})"/>')
    return "\n".join(out)


def bubbles() -> str:
    rng = random.Random(19)
    placed, out = [], []
    for wanted, low, high in ((5, 15, 22), (14, 7, 13), (44, 2.2, 6)):
        tries = 0
        while wanted and tries < 4000:
            tries += 1
            r = rng.uniform(low, high)
            x, y = X + rng.uniform(-EYE, EYE), EYE_Y + rng.triangular(-EYE * .62, EYE, EYE * .55)
            if ((x - X) ** 2 + (y - EYE_Y) ** 2) ** .5 > EYE - 13 - r:
                continue
            if any((x - a) ** 2 + (y - b) ** 2 < (r + c + 1) ** 2 for a, b, c in placed):
                continue
            placed.append((x, y, r))
            wanted -= 1
            out.append(f'<use href="#bubble" transform="translate({x:.1f} {y:.1f}) scale({r / 10:.3f})"/>')
    return "\n".join(out)


def knurls() -> str:
    """The grip of the cap: ridges on a cylinder, closer together towards its edges."""
    from math import pi, sin
    lines = []
    for i in range(-15, 16):
        x = X + CAP * sin(i / 15.6 * pi / 2)
        lines.append(f'<path d="M{x:.1f} 262V384" stroke="#101719" stroke-opacity=".34" stroke-width="2.6"/>'
                     f'<path d="M{x + 2.4:.1f} 262V384" stroke="#fff" stroke-opacity=".28" stroke-width="1.6"/>')
    return "".join(lines)


def product() -> str:
    letters, length = word("perlune")
    scale = 236 / length
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">
<title>Perlune One</title>
<desc>An insulated steel bottle with a round window through which bubbles are seen.</desc>
<defs>
<linearGradient id="steel">{STEEL}</linearGradient>
<linearGradient id="coat">{COAT}</linearGradient>
<linearGradient id="fall" x2="0" y2="1">{stops((0, "#c9fff4", .20), (.16, "#c9fff4", .03), (.5, "#001014", 0), (1, "#000a0d", .46))}</linearGradient>
<linearGradient id="softbox" x2="0" y2="1">{stops((0, "#e9fffb", 0), (.08, "#e9fffb", .80), (.55, "#e9fffb", .52), (1, "#e9fffb", .04))}</linearGradient>
<linearGradient id="strip" x2="0" y2="1">{stops((0, "#ffe9da", 0), (.14, "#ffe3d0", .75), (.75, "#ffe3d0", .38), (1, "#ffe3d0", 0))}</linearGradient>
<linearGradient id="ring" x2="1" y2="1">{stops((0, "#ffffff"), (.22, "#c6d0d3"), (.45, "#5a666b"), (.62, "#a7b2b6"), (.80, "#eef3f4"), (1, "#5c686d"))}</linearGradient>
<linearGradient id="ring-in" x2="1" y2="1">{stops((0, "#2b3438"), (.5, "#8d999e"), (1, "#f2f6f7"))}</linearGradient>
<radialGradient id="water" cx=".5" cy=".86" r=".95">{stops((0, "#f3fffb"), (.20, "#b9f3e4"), (.46, "#4fc4bf"), (.75, "#127784"), (1, "#063842"))}</radialGradient>
<radialGradient id="well" cx=".5" cy=".5" r=".5">{stops((.70, "#00161b", 0), (.90, "#00161b", .28), (1, "#00161b", .78))}</radialGradient>
<radialGradient id="drop-body" cx=".42" cy=".34" r=".72">{stops((0, "#dffcf7", .12), (.55, "#9be3e0", .16), (.82, "#eafffb", .42), (1, "#ffffff", .12))}</radialGradient>
<linearGradient id="trail" x2="0" y2="1">{stops((0, "#dffcf7", 0), (1, "#dffcf7", .22))}</linearGradient>
<radialGradient id="bubble-body" cx=".5" cy=".45" r=".52">{stops((0, "#ffffff", .04), (.62, "#eafffb", .10), (.88, "#ffffff", .62), (1, "#ffffff", .08))}</radialGradient>
<radialGradient id="floor">{stops((0, "#000a0d", .72), (.45, "#000a0d", .42), (.75, "#000a0d", .13), (1, "#000a0d", 0))}</radialGradient>
<linearGradient id="under-cap" x2="0" y2="1">{stops((0, "#000d11", .75), (1, "#000d11", 0))}</linearGradient>
<filter id="soft8" x="-60%" y="-10%" width="220%" height="120%"><feGaussianBlur stdDeviation="9 5"/></filter>
<filter id="soft3" x="-60%" y="-10%" width="220%" height="120%"><feGaussianBlur stdDeviation="2.6"/></filter>
<filter id="glow" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="26"/></filter>
<clipPath id="in-body"><path d="{BODY_PATH}"/></clipPath>
<clipPath id="in-foot"><path d="{FOOT_PATH}"/></clipPath>
<clipPath id="in-cap"><path d="{CAP_PATH}"/></clipPath>
<clipPath id="in-eye"><circle cx="{X}" cy="{EYE_Y}" r="{EYE - 12}"/></clipPath>
<g id="drop">
<ellipse cx="1.1" cy="2.4" rx="10" ry="10.2" fill="#00161b" fill-opacity=".42"/>
<circle r="10" fill="#0e5361" fill-opacity=".35"/>
<circle r="10" fill="url(#drop-body)"/>
<path d="M-7.4 3.4A8.4 8.4 0 0 0 7.4 3.4A10 9 0 0 1 -7.4 3.4Z" fill="#effffb" fill-opacity=".62"/>
<ellipse cx="-3.4" cy="-4.6" rx="2.5" ry="1.9" fill="#fff" fill-opacity=".95"/>
</g>
<g id="bubble">
<circle r="10" fill="url(#bubble-body)"/>
<path d="M-6.6 -3.6A7.6 7.6 0 0 1 -1.2 -7.4" fill="none" stroke="#fff" stroke-width="1.7" stroke-linecap="round"/>
<circle cx="4.2" cy="4.6" r="1.3" fill="#fff" fill-opacity=".75"/>
</g>
</defs>

<g id="shadow">
<ellipse cx="{X + 6}" cy="{GROUND - 2}" rx="312" ry="52" fill="url(#floor)"/>
<ellipse cx="{X}" cy="{GROUND - 4}" rx="222" ry="26" fill="url(#floor)"/>
<ellipse cx="{X}" cy="{GROUND + 2}" rx="200" ry="14" fill="#000a0d" fill-opacity=".6" filter="url(#soft8)"/>
</g>

<g id="loop">
<path d="M{X - 78} 160C{X - 84} 44 {X + 84} 44 {X + 78} 160" fill="none" stroke="#04191e" stroke-width="30" stroke-linecap="round"/>
<path d="M{X - 78} 160C{X - 84} 44 {X + 84} 44 {X + 78} 160" fill="none" stroke="#0f5f6d" stroke-width="24" stroke-linecap="round"/>
<path d="M{X - 84} 140C{X - 78} 58 {X + 20} 56 {X + 46} 84" fill="none" stroke="#7cc9cb" stroke-width="6" stroke-linecap="round" filter="url(#soft3)"/>
</g>

<g id="cap">
<path d="{CAP_PATH}" fill="url(#steel)"/>
<g clip-path="url(#in-cap)">
{knurls()}
<path d="M{X - CAP} 249Q{X} 262 {X + CAP} 249" fill="none" stroke="#0b1215" stroke-opacity=".55" stroke-width="3"/>
<path d="M{X - CAP} 252Q{X} 265 {X + CAP} 252" fill="none" stroke="#fff" stroke-opacity=".55" stroke-width="2"/>
<path d="M{X - CAP} 385Q{X} 398 {X + CAP} 385" fill="none" stroke="#0b1215" stroke-opacity=".5" stroke-width="3"/>
<path d="M{X - CAP} 388Q{X} 401 {X + CAP} 388" fill="none" stroke="#fff" stroke-opacity=".5" stroke-width="2"/>
<rect x="{X - CAP}" y="140" width="{2 * CAP}" height="26" fill="#fff" fill-opacity=".35" filter="url(#soft3)"/>
<rect x="{X - CAP}" y="396" width="{2 * CAP}" height="22" fill="#00080a" fill-opacity=".35"/>
</g>
<rect x="{X - NECK - 1}" y="414" width="{2 * NECK + 2}" height="20" fill="url(#steel)"/>
<rect x="{X - NECK - 1}" y="414" width="{2 * NECK + 2}" height="20" fill="#00090c" fill-opacity=".5"/>
<rect x="{X - NECK - 1}" y="422" width="{2 * NECK + 2}" height="6" fill="#FF7E5F"/>
<rect x="{X - 66}" y="422" width="46" height="6" fill="#ffd9cc" filter="url(#soft3)"/>
</g>

<g id="body">
<path d="{BODY_PATH}" fill="url(#coat)"/>
<g clip-path="url(#in-body)">
<path d="{BODY_PATH}" fill="url(#fall)"/>
<rect x="{X - NECK}" y="{COLLAR}" width="{2 * NECK}" height="44" fill="url(#under-cap)"/>
<path d="M{X - 108} {COLLAR + 22}C{X - 108} 520 {X - 150} 530 {X - 150} 610V1550H{X - 96}V600C{X - 96} 540 {X - 78} 520 {X - 78} {COLLAR + 22}Z" fill="url(#softbox)" filter="url(#soft8)"/>
<path d="M{X + 104} {COLLAR + 30}C{X + 108} 520 {X + 178} 530 {X + 178} 616V1550H{X + 190}V606C{X + 190} 520 {X + 114} 512 {X + 112} {COLLAR + 30}Z" fill="url(#strip)" filter="url(#soft3)"/>
<circle cx="{X}" cy="{EYE_Y + 8}" r="{EYE + 22}" fill="#00141a" fill-opacity=".5" filter="url(#glow)"/>
<ellipse cx="{X}" cy="{EYE_Y + 40}" rx="{EYE + 20}" ry="{EYE + 26}" fill="#7ff0dd" fill-opacity=".16" filter="url(#glow)"/>
{drops()}
</g>
</g>

<g id="eye">
<circle cx="{X}" cy="{EYE_Y}" r="{EYE + 9}" fill="url(#ring)"/>
<circle cx="{X}" cy="{EYE_Y}" r="{EYE - 6}" fill="url(#ring-in)"/>
<g clip-path="url(#in-eye)">
<circle cx="{X}" cy="{EYE_Y}" r="{EYE}" fill="url(#water)"/>
<path d="M{X - EYE} {EYE_Y - 66}Q{X - 60} {EYE_Y - 84} {X} {EYE_Y - 70}T{X + EYE} {EYE_Y - 72}V{EYE_Y - EYE}H{X - EYE}Z" fill="#04303a" fill-opacity=".62"/>
<path d="M{X - EYE} {EYE_Y - 66}Q{X - 60} {EYE_Y - 84} {X} {EYE_Y - 70}T{X + EYE} {EYE_Y - 72}" fill="none" stroke="#d9fff7" stroke-opacity=".8" stroke-width="3"/>
{bubbles()}
<circle cx="{X}" cy="{EYE_Y}" r="{EYE - 12}" fill="url(#well)"/>
<path d="M{X - 96} {EYE_Y - 30}A102 102 0 0 1 {X - 14} {EYE_Y - 106}A150 150 0 0 0 {X - 96} {EYE_Y - 30}Z" fill="#fff" fill-opacity=".72" filter="url(#soft3)"/>
<path d="M{X + 60} {EYE_Y + 88}A106 106 0 0 0 {X + 104} {EYE_Y + 26}A150 150 0 0 1 {X + 60} {EYE_Y + 88}Z" fill="#ffe3d0" fill-opacity=".5" filter="url(#soft3)"/>
</g>
</g>

<g id="word" transform="translate({X - 118} 1216) scale({scale:.4f})" fill="none" stroke-width="{WEIGHT + 1}" stroke-linecap="round" stroke-linejoin="round">
<path transform="translate(0 4)" d="{letters}" stroke="#00161b" stroke-opacity=".55"/>
<path d="{letters}" stroke="#F7F4EC"/>
</g>

<g id="foot">
<path d="{FOOT_PATH}" fill="url(#steel)"/>
<g clip-path="url(#in-foot)">
<path d="M{X - BODY} {FOOT + 1.5}Q{X} {FOOT + 2 * SAG + 1.5} {X + BODY} {FOOT + 1.5}" fill="none" stroke="#00090c" stroke-opacity=".8" stroke-width="5"/>
<path d="M{X - BODY} {FOOT + 6}Q{X} {FOOT + 2 * SAG + 6} {X + BODY} {FOOT + 6}" fill="none" stroke="#fff" stroke-opacity=".6" stroke-width="2.4"/>
<rect x="{X - BODY}" y="{GROUND - 34}" width="{2 * BODY}" height="40" fill="#00090c" fill-opacity=".55" filter="url(#soft8)"/>
</g>
<g transform="translate({X - 26} {FOOT + 30}) scale(.34)" fill="#0d171a" fill-opacity=".62"><path d="{MOON}"/><circle cx="92" cy="62" r="19"/><circle cx="121" cy="29" r="11"/><circle cx="139" cy="3" r="6"/></g>
</g>
</svg>
"""


if __name__ == "__main__":
    (HERE / "product.svg").write_text(product())
