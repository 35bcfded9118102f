"""Paints the photo-like backgrounds of the Perlune campaign from arithmetic alone; no picture goes in.

Run with numpy, scipy and Pillow (figures of the committed files: numpy 2.4, scipy 1.17, Pillow 13):

    python3 make_backgrounds.py [--size 2160] [sea-sunset city-dusk alpine-morning kitchen-light]

Square pictures, so that 9:16, 1:1 and 16:9 crops keep their full height or width. All light is added up in linear
units and meets one camera at the end: bloom, filmic curve, vignette, grain. Seeds are fixed.
"""
import argparse
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import fft, ndimage

HERE = Path(__file__).parent


# --- ground: colour, noise, lens ------------------------------------------------------------------------------

def rgb(code: str) -> np.ndarray:
    """An sRGB hex colour as linear light."""
    value = np.array([int(code[i:i + 2], 16) for i in (1, 3, 5)], np.float32) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4).astype(np.float32)


def smooth(low, high, x):
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def ramp(t, stops) -> np.ndarray:
    """A colour gradient through (position, colour) stops, mixed in linear light."""
    positions = [p for p, _ in stops]
    colours = np.stack([c for _, c in stops])
    return np.stack([np.interp(t, positions, colours[:, i]) for i in range(3)], -1).astype(np.float32)


def mix(a, b, t):
    return a + (b - a) * np.asarray(t)[..., None]


def tile_noise(n: int, slope: float, rng, low: float = 1) -> np.ndarray:
    """Tileable noise with amplitude ~ frequency^-slope, zero mean, unit deviation."""
    fy, fx = np.meshgrid(fft.fftfreq(n) * n, fft.rfftfreq(n) * n, indexing="ij")
    f = np.hypot(fx, fy)
    amplitude = np.where(f >= low, np.maximum(f, 1) ** -slope, 0)
    phase = rng.uniform(0, 2 * np.pi, f.shape)
    field = fft.irfft2(amplitude * np.exp(1j * phase), (n, n))
    return (field / field.std()).astype(np.float32)


def sample(tile, x, y) -> np.ndarray:
    """Bilinear fetch from a tileable map; x and y in tiles."""
    n = tile.shape[0]
    x, y = np.broadcast_arrays(x, y)
    return ndimage.map_coordinates(tile, [np.mod(y, 1) * n, np.mod(x, 1) * n], order=1, mode="grid-wrap")


def disc(radius: float, n_blades: int = 0) -> np.ndarray:
    """What one point of light becomes behind a wide-open lens: a disc with a slightly brighter rim."""
    half = int(np.ceil(radius)) + 2
    y, x = np.mgrid[-half:half + 1, -half:half + 1].astype(np.float32)
    r = np.hypot(x, y)
    if n_blades:
        angle = np.mod(np.arctan2(y, x), 2 * np.pi / n_blades) - np.pi / n_blades
        r = mix(r[..., None], (r * np.cos(angle) / np.cos(np.pi / n_blades))[..., None], np.full(r.shape, .55))[..., 0]
    kernel = np.clip(radius + 0.5 - r, 0, 1) * (0.8 + 0.35 * smooth(0.7 * radius, radius, r))
    return kernel / kernel.sum()


def blur_by(kernel, picture) -> np.ndarray:
    pad = kernel.shape[0]
    padded = np.pad(picture, ((pad, pad), (pad, pad), (0, 0)), mode="edge")
    shape = [fft.next_fast_len(s + pad, real=True) for s in padded.shape[:2]]
    k = fft.rfft2(kernel.astype(np.float32), shape)
    out = np.empty_like(picture)
    o = pad + kernel.shape[0] // 2
    for c in range(picture.shape[2]):
        full = fft.irfft2(fft.rfft2(padded[..., c], shape, workers=2) * k, shape, workers=2)
        out[..., c] = full[o:o + picture.shape[0], o:o + picture.shape[1]]
    return np.maximum(out, 0)


def camera(light, rng, exposure=1.0, bloom=0.06, vignette=0.22, grain=0.011, warmth=0.0) -> Image.Image:
    """Linear light to a finished photograph."""
    n = light.shape[0]
    light = light * exposure
    glow = sum(
        ndimage.gaussian_filter(np.maximum(light[::4, ::4] - .9, 0), (n * s / 4, n * s / 4, 0)) for s in (.008, .03, .08)) / 3
    glow = np.stack([ndimage.zoom(glow[..., c], 4, order=1)[:n, :n] for c in range(3)], -1)
    light = light + bloom * 6 * glow
    y, x = np.mgrid[-1:1:n * 1j, -1:1:n * 1j]
    light = light * (1 - vignette * smooth(.5, 1.5, np.hypot(x, y)))[..., None]
    light = light * np.array([1 + warmth, 1, 1 - warmth])
    # Filmic curve (rational fit by Narkowicz 2015), applied to a mix of luminance and channels so highlights keep hue.
    def curve(v):
        return v * (2.51 * v + .03) / (v * (2.43 * v + .59) + .14)
    value = np.clip(curve(np.maximum(light, 0) * .62), 0, 1)
    value = np.where(value <= .0031308, value * 12.92, 1.055 * value ** (1 / 2.4) - .055)
    noise = ndimage.gaussian_filter(rng.standard_normal((n, n)), .7)
    noise = noise / noise.std() * grain * (1.1 - .6 * value.mean(-1))
    return Image.fromarray((np.clip(value + noise[..., None], 0, 1) * 255 + .5).astype(np.uint8))


# --- the sea at sunset ----------------------------------------------------------------------------------------

SUN_AZIMUTH, SUN_ELEVATION, HORIZON = 0.12, 0.075, 0.46


def evening_sky(azimuth, elevation, cloud_map, clouds=True):
    """Radiance of the sky in a direction (radians; sun low on the right)."""
    e = np.maximum(elevation, 0)
    sky = ramp(e, [
        (.00, rgb("#ff9a45") * 1.25), (.05, rgb("#ffae5c") * 1.1), (.13, rgb("#f8b98a")), (.25, rgb("#d0a7ad") * .85),
        (.42, rgb("#8f9cc0") * .7), (.75, rgb("#4c6ea8") * .55), (1.3, rgb("#2a4a86") * .45)])
    away = np.abs(azimuth - SUN_AZIMUTH)
    sky = mix(sky, sky * np.array([.62, .68, .86]), smooth(.1, 1.3, away) * .8)
    distance = np.sqrt(away ** 2 + (elevation - SUN_ELEVATION) ** 2)
    halo = np.exp(-distance / .10) * 1.5 + np.exp(-distance / .35) * .45
    sky = sky + halo[..., None] * rgb("#ffb25a")
    if clouds:
        # Clouds on a plane overhead: perspective packs them together towards the horizon.
        away_from_us = 1 / (e + .09)
        u, v = azimuth * away_from_us * .11, away_from_us * .16
        d = .75 * sample(cloud_map, u + .31, v * 1.4) + .33 * sample(cloud_map, u * 3.1, v * 4.1 + .5)
        lit = .75 * sample(cloud_map, u + .31 + .012, v * 1.4 + .03) + .33 * sample(cloud_map, u * 3.1 + .03, v * 4.1 + .55)
        cover = smooth(.25, 1.75, d) * smooth(.015, .12, e) * .86
        shade = np.clip(.55 - (d - lit) * .55, 0, 1)
        near_sun = np.exp(-distance / .45)
        bright = mix(rgb("#e58f86") * 1.1, rgb("#ffc27d") * 2.2, near_sun)
        dark = mix(rgb("#6a6690") * .55, rgb("#b06a6a") * .75, near_sun)
        edge = smooth(.2, .6, d) * (1 - smooth(.6, 1.2, d))
        colour = mix(dark, bright, np.clip(shade + .35 * edge * near_sun, 0, 1.3))
        sky = mix(sky, colour, cover)
    return sky


def sea_sunset(n):
    rng = np.random.default_rng(11)
    y, x = np.mgrid[0:n, 0:n].astype(np.float32)
    azimuth = (x / n - .5) * .95
    elevation = (HORIZON - y / n) * .95
    cloud_map = ndimage.gaussian_filter(tile_noise(1024, 1.65, rng, 2), 1.2, mode="wrap")
    picture = evening_sky(azimuth, elevation, cloud_map)
    sun = np.hypot(azimuth - SUN_AZIMUTH, elevation - SUN_ELEVATION)
    picture += smooth(.0222, .0205, sun)[..., None] * rgb("#ffe2a8") * 7

    # The water: a sum of travelling waves over the plane, seen in perspective from 7 m up.
    rows = int(HORIZON * n) + 1
    depression = np.maximum(-(elevation[rows:]), 2e-4)
    distance = 7.0 / np.tan(depression)
    px, py = distance * np.sin(azimuth[rows:]), distance * np.cos(azimuth[rows:])
    footprint = distance * .95 / n                                  # metres a pixel covers across the view
    along = np.maximum(footprint * distance / 7.0, footprint)       # and along it
    slope_x, slope_y = np.zeros_like(px), np.zeros_like(px)
    lost = np.zeros_like(px)                                        # slope variance too fine for a pixel
    for i in range(96):
        length = 15 * .1 ** (i / 96 * 2.4)
        k = 2 * np.pi / length
        heading = np.pi / 2 + .25 + rng.normal(0, .62)
        steep = .0285 * (length / 8) ** .06 * rng.uniform(.6, 1.25)
        kx, ky = k * np.cos(heading), k * np.sin(heading)
        keep = np.exp(-((kx * footprint) ** 2 + (ky * along) ** 2) / 10)
        phase = px * kx + py * ky + rng.uniform(0, 2 * np.pi)
        # Crests are sharper than troughs: add the second harmonic of a trochoid.
        wave = np.cos(phase) + .35 * np.cos(2 * phase + .4)
        slope_x += steep * keep * wave * np.cos(heading)
        slope_y += steep * keep * wave * np.sin(heading)
        lost += (1 - keep ** 2) * steep ** 2 / 2
    gust = sample(cloud_map, px / 900, py / 1500)
    scale = 1 + .22 * gust
    slope_x, slope_y = slope_x * scale, slope_y * scale

    # A ray that comes down at angle v meets a facet of slope (sx, sy) with cosine c = v + sy and leaves it at
    # elevation 2c - v, turned sideways by -2 c sx. Facets turned away (c < 0) hide behind others: fold them softly.
    view, bearing = depression, azimuth[rows:]
    rough = np.sqrt(lost)
    raw = np.sin(view) + slope_y
    soften = .035 + .55 * rough
    cosine = np.clip(.5 * (raw + np.sqrt(raw ** 2 + soften ** 2)), .004, 1)
    leaving = np.clip(2 * cosine - view, .004, 1.4)
    fresnel = .02 + .98 * (1 - cosine) ** 5 / (1 + 7 * lost)
    mirror = evening_sky(bearing - 2 * cosine * slope_x, leaving, cloud_map, clouds=False) * .92
    deep = mix(rgb("#0b2236") * .5, rgb("#174a5c") * .6, smooth(.1, .5, cosine))
    water = mix(deep, mirror, fresnel)
    # Glitter: the share of a pixel's facets that throws the sun at us (Gaussian slopes, Cox and Munk 1954).
    meet = (SUN_ELEVATION + view) / 2
    off_x = slope_x - (bearing - SUN_AZIMUTH) / (2 * meet)
    off_y = slope_y - (meet - view)
    variance = lost + .0022
    density = np.exp(-(off_x ** 2 + off_y ** 2) / (2 * variance)) / (2 * np.pi * variance)
    water += np.minimum(density * .00139 / (4 * meet) * 62 * fresnel, 9)[..., None] * rgb("#ffb765")
    # Air between us and the horizon.
    haze = 1 - np.exp(-distance / 2600)
    water = mix(water, evening_sky(azimuth[rows:], np.full_like(view, .02), cloud_map, False) * .78, haze * .8)
    picture[rows:] = water
    seam = ndimage.gaussian_filter1d(picture[rows - 6:rows + 6], .8, axis=0)
    picture[rows - 3:rows + 3] = seam[3:9]
    return camera(picture, rng, exposure=1.0, bloom=.05, vignette=.25)


# --- a street at dusk, out of focus ---------------------------------------------------------------------------

def city_dusk(n):
    rng = np.random.default_rng(23)
    y, x = np.mgrid[0:n, 0:n].astype(np.float32) / n
    horizon, vanish = .56, .5
    sky = ramp(y / horizon, [
        (0, rgb("#16204a") * .55), (.4, rgb("#3a3a74") * .6), (.72, rgb("#92597f") * .75), (.92, rgb("#e38a68") * .95),
        (1, rgb("#f3a56c") * 1.05)])
    picture = sky.copy()

    def splat(layer, cx, cy, w, h, colour):
        x0, x1, y0, y1 = (int(round(v * n)) for v in (cx - w / 2, cx + w / 2, cy - h / 2, cy + h / 2))
        layer[max(y0, 0):max(y1, y0 + 1, 0), max(x0, 0):max(x1, x0 + 1, 0)] += colour

    window_lights = [rgb(c) for c in ("#ffd39a", "#ffc27a", "#ffe3bd", "#ffb869", "#d6e6ff", "#ffd9a8")]
    # Four rings of houses, far to near; each is blurred by its own disc and laid over the last.
    for depth, radius, lamps in ((9.0, .009, 30), (5.0, .015, 22), (2.8, .022, 16), (1.75, .030, 8)):
        layer = np.zeros((n, n, 3), np.float32)
        solid = np.zeros((n, n, 1), np.float32)
        for side in (-1, 1):
            inner = vanish + side * (.30 / depth * 1.55 + .012)
            edge, span = inner, .62 / depth
            while -.3 < edge < 1.3:
                width = span * rng.uniform(.35, .6)
                height = rng.uniform(.75, 1.35) / depth * (1.15 if depth < 6 else 1.6)
                left, right = sorted((edge, edge + side * width))
                top = horizon - height
                a, b = int(np.clip(left * n, 0, n)), int(np.clip(right * n, 0, n))
                t, g = int(np.clip(top * n, 0, n)), int((horizon + .012) * n)
                if b > a:
                    wall = mix(rgb("#2b2440") * .35, rgb("#8c5a63") * .5, np.array(min(1, depth / 9)))
                    layer[t:g, a:b] = wall * rng.uniform(.7, 1.2)
                    solid[t:g, a:b] = 1
                    step = .034 / depth * 1.9
                    for wy in np.arange(top + step, horizon - .05 / depth, step * 1.25):
                        row_warm = window_lights[rng.integers(len(window_lights))]
                        for wx in np.arange(left + step * .7, right - step * .4, step):
                            if rng.random() < .30:
                                splat(layer, wx, wy, step * .5, step * .62, row_warm * rng.uniform(.5, 4.2))
                    shop = rgb(str(rng.choice(["#ffcf8a", "#ff8f5e", "#8fe3ff", "#ff6f9a", "#ffe9c9", "#7fd9c0"])))
                    splat(layer, (left + right) / 2, horizon - .028 / depth * 1.8, width * .8, .03 / depth * 1.7, shop * 1.5)
                edge += side * width * 1.02
        for _ in range(lamps):                                       # street lamps, signals, cars
            side = rng.choice([-1, 1])
            d = depth * rng.uniform(.85, 1.25)
            lx = vanish + side * (rng.uniform(.16, .34) / d * 1.5 + .004)
            kind = rng.random()
            size = .0048 * (1.4 / np.sqrt(d))
            if kind < .5:
                splat(layer, lx, horizon - rng.uniform(.20, .34) / d, size, size, rgb("#ffc985") * 110)
            elif kind < .62:
                signal = rgb(str(rng.choice(["#ff4a3d", "#39e6a5", "#ffb02e"])))
                splat(layer, lx, horizon - .17 / d, size, size, signal * 95)
            else:
                car_x = vanish + rng.uniform(-.16, .16) / d * 1.5
                colour = rgb("#ff3b30") * 75 if car_x > vanish else rgb("#fff2dd") * 100
                for half in (-.022, .022):
                    splat(layer, car_x + half / d * 1.6, horizon + .035 / d, size, size * .8, colour)
        kernel = disc(radius * n * .95, 0)
        both = blur_by(kernel, np.concatenate([layer, solid], -1))
        alpha = np.clip(both[..., 3:], 0, 1)
        picture = picture * (1 - alpha) + both[..., :3]
        picture = mix(picture, np.broadcast_to(rgb("#c98473") * .42, picture.shape), np.full((n, n), .03 * depth / 3))

    # Wet road: the picture upside down, smeared towards us, broken by ripples and darker with steepness.
    h = int(horizon * n)
    road_rows = n - h
    depth_below = np.arange(road_rows) / road_rows
    source = np.clip(h - 1 - (np.arange(road_rows) * 1.0), 0, h - 1).astype(int)
    ripple = ndimage.gaussian_filter(rng.standard_normal((road_rows, n)), (n * .0022, n * .009))
    ripple = ripple / ripple.std() * (depth_below[:, None] * .012 * n)
    columns = np.clip(np.arange(n)[None, :] + ripple, 0, n - 1).astype(int)
    mirrored = picture[source[:, None], columns]
    mirrored = ndimage.gaussian_filter(mirrored, (n * .035, n * .006, 0))
    mirrored = blur_by(disc(.010 * n), mirrored)
    fresnel = (.62 * (1 - depth_below) ** 1.6 + .16)[:, None, None]
    asphalt = ramp(depth_below, [(0, rgb("#5a4656") * .5), (.4, rgb("#2c2738") * .42), (1, rgb("#15141f") * .4)])[:, None, :]
    below = asphalt + mirrored * fresnel
    blend = smooth(0, .03, depth_below)[:, None]
    picture[h:] = mix(picture[h:], below + picture[h:] * .25 * (1 - blend)[..., None], np.broadcast_to(blend, (road_rows, n)))
    # A few lights close by, far out of focus: large, faint discs with the cat's-eye of the lens rim.
    near = np.zeros_like(picture)
    for _ in range(26):
        cx, cy = rng.uniform(-.02, 1.02), rng.normal(.47, .13)
        if abs(cx - .5) < .14:
            continue
        r = rng.uniform(.022, .052)
        dx, dy = x - cx, y - cy
        eye = np.hypot(dx - (cx - .5) * -.28 * r * 2, dy)
        shape = np.minimum(smooth(r, r * .955, np.hypot(dx, dy)), smooth(r * 1.12, r * 1.05, eye))
        rim = .72 + .4 * smooth(r * .75, r * .97, np.hypot(dx, dy))
        colour = rgb(str(rng.choice(["#ffb765", "#ffd7a0", "#ff9a6b", "#ff7f8e", "#9fd4ff", "#ffe8c8"])))
        near += (shape * rim * rng.uniform(.10, .42))[..., None] * colour
    picture += near
    return camera(picture, rng, exposure=1.15, bloom=.05, vignette=.3, grain=.012)


# --- mountains in the morning ---------------------------------------------------------------------------------

def ridge_line(n, rng, roughness, octaves=9):
    """Fractal height of a crest, sharp on top: sum of folded noises."""
    x = np.linspace(0, 1, n)
    total, amplitude, frequency = np.zeros(n), 1.0, 2.0
    for _ in range(octaves):
        knots = rng.uniform(-1, 1, int(frequency) + 4)
        value = ndimage.map_coordinates(knots, [x * frequency + 1.5 + rng.uniform(-.5, .5)], order=3, mode="nearest")
        total += amplitude * (1 - np.abs(value) * 1.6 if frequency < 30 else value)
        amplitude *= roughness
        frequency *= 2.03
    return (total - total.mean()) / np.ptp(total)


def alpine_morning(n):
    rng = np.random.default_rng(41)
    y, x = np.mgrid[0:n, 0:n].astype(np.float32) / n
    sun_x, sun_y = .66, .40
    away = np.hypot(x - sun_x, (y - sun_y) * 1.25)
    sky = ramp(y, [
        (0, rgb("#3f83bd") * .80), (.20, rgb("#86b9dc") * .95), (.36, rgb("#dfe3dc") * 1.02), (.47, rgb("#ffe0b0") * 1.12)])
    sky += np.exp(-away / .075)[..., None] * rgb("#ffca7c") * 2.2 + np.exp(-away / .30)[..., None] * rgb("#ffd69a") * .55
    noise = tile_noise(1024, 1.75, rng, 2)
    veil = smooth(.2, 2.3, sample(noise, x * .55, y * 2.6 + .1) + .3 * sample(noise, x * 2.1, y * 8.7)) * smooth(.42, .12, y)
    sky = mix(sky, rgb("#fff3e2") * 1.15, veil * .62)
    picture = sky
    pixels = np.arange(n) / n
    layers = 9
    for i in range(layers):
        t = i / (layers - 1)                                         # 0 far, 1 near
        base = .47 + .42 * t ** 1.3
        swing = .085 + .15 * (1 - abs(t - .32)) ** 2
        ground = base - swing * (ridge_line(n, rng, .5 - .07 * t) + .12)
        crest = ground.copy()
        if t > .6:                                                   # spruces stand on the near crests
            tops = np.zeros(n)
            for cx in rng.uniform(-.01, 1.01, int(760 * (1.42 - t))):
                clump = .55 + .45 * np.tanh(1.5 * sample(noise, np.array([cx * 1.3]), np.array([t]))[0])
                h = rng.uniform(.011, .032) * t ** 2.5 * (.5 + clump)
                half = h * rng.uniform(.17, .23)
                d = np.abs(pixels - cx)
                inside = d < half
                tier = .82 + .18 * np.mod(d / half * 6, 1)           # branches in tiers
                tops[inside] = np.maximum(tops[inside], (h * np.maximum(1 - d / half, 0) * tier)[inside])
            crest = crest - tops
        depth = y - crest[None, :]
        below = y - ndimage.gaussian_filter1d(ground, n * .006)[None, :]
        mask = np.clip(depth * n + .5, 0, 1)
        clear = 1 - np.exp(-3.0 * t ** .95)                          # share of the crest's own colour that gets through
        glow = np.exp(-np.hypot(x - sun_x, (y - sun_y) * .8) / .40)
        far_air, near_air = rgb("#dcdfe0") * .98, rgb("#8fb9cc") * .80
        airlight = mix(far_air, near_air, np.array(t ** .8))[None, None] * np.ones_like(picture)
        airlight = mix(airlight, rgb("#ffcf8c") * 1.25, glow * (.92 - .25 * t))
        gully = sample(noise, x * 1.7 + i * .37 + below * .8, y * 1.1 + i * .21) * .5 \
            + sample(noise, x * 5.3 - below * 2.2, y * 3.1 + i * .4) * .3
        slope = np.gradient(ndimage.gaussian_filter1d(ground, n * .010)) * n
        raked = np.clip(1 + .55 * gully - .5 * slope[None, :], .3, 2.2)
        own = mix(rgb("#5f8494") * .62, rgb("#0c2c33") * .40, np.array(t ** .6))
        surface = own * raked[..., None]
        # Mist lies in the valleys: thicker with depth under the crest, torn by noise.
        wisps = .5 + .5 * np.tanh(sample(noise, x * .8 + i * .13, y * 3.4 + i * .3) * .9)
        mist = smooth(.012, .17, below) * (.35 + .65 * wisps) * (1 - .45 * t ** 3)
        through = clear * (1 - .90 * mist)
        picture = mix(picture, mix(airlight, surface, through), mask)
    return camera(picture, rng, exposure=1.02, bloom=.05, vignette=.2, grain=.009)


# --- a kitchen wall in the morning ----------------------------------------------------------------------------

def kitchen_light(n):
    rng = np.random.default_rng(53)
    y, x = np.mgrid[0:n, 0:n].astype(np.float32) / n
    table = .735
    noise = tile_noise(2048, 1.25, rng, 3)
    fine = tile_noise(2048, .55, rng, 40)

    # What lets light through: two panes of a window, and a plant in front of it; the wall sees it aslant.
    u = (x - .5) + .34 * (y - .4)
    v = (y - .4) + .10 * (x - .5)
    gobo = np.zeros_like(x)
    for left, right in ((-.36, -.07), (-.035, .255)):
        for top, bottom in ((-.37, -.045), (-.012, .30)):
            gobo = np.maximum(gobo, ((u > left) & (u < right) & (v > top) & (v < bottom)).astype(np.float32))
    leaves = np.ones_like(x)
    for stem_x, stem_y, lean, leaf_count, size in ((.30, .46, -.75, 9, .090), (.36, .50, -.30, 10, .105), (.22, .52, -1.15, 8, .080)):
        for k in range(leaf_count):
            s = (k + 1) / leaf_count
            bend = lean - .9 * s * (1 if lean > -.6 else .55)
            cx, cy = stem_x + .55 * s * np.sin(bend), stem_y - .62 * s * np.cos(bend * .55)
            for side in (-1, 1):
                angle = bend - np.pi / 2 + side * rng.uniform(.55, .95)
                length, width = size * rng.uniform(.8, 1.25), size * rng.uniform(.17, .24)
                du, dv = u - cx, v - cy
                a = (du * np.cos(angle) + dv * np.sin(angle)) / length
                b = (-du * np.sin(angle) + dv * np.cos(angle)) / width
                leaf = (np.abs(b) < np.sin(np.pi * np.clip(a, 0, 1)) ** .8) & (a > 0) & (a < 1)
                leaves[leaf] *= .18
    # The sun is not a point: edges soften with their distance from the wall; the plant stands closer to the glass.
    sunlight = ndimage.gaussian_filter(gobo, n * .0045) * ndimage.gaussian_filter(leaves, n * .0085)
    soft = ndimage.gaussian_filter(gobo * leaves, n * .11)

    trowel = sample(noise, x * .9, y * .9) * .5 + sample(noise, x * 2.7 + .3, y * 2.2) * .25
    light_from_left = np.gradient(ndimage.gaussian_filter(trowel, 2.0), axis=1) * n * .010
    plaster = rgb("#e9dcc8") * (1 + .022 * trowel + .05 * light_from_left * (.3 + sunlight) + .010 * sample(fine, x, y))[..., None]
    ambient = mix(rgb("#a3b3c2") * .42, rgb("#d8c9b4") * .52, smooth(1.0, 0.0, x) * .6 + .2 * smooth(0, 1, y))
    bounce = rgb("#ffd9a8") * .22
    wall = plaster * (ambient + sunlight[..., None] * rgb("#ffd9a6") * 1.2 + soft[..., None] * bounce)
    wall *= (1 - .28 * smooth(table - .10, table, y))[..., None]     # the corner collects shadow
    picture = ndimage.gaussian_filter(wall, (n * .0011, n * .0011, 0))

    # A pale stone table: near the lens, so softer; it mirrors the wall a little and takes the same sunlight.
    rows = int(table * n)
    t = (np.arange(n - rows) / (n - rows))[:, None]
    depth = 1 / (.22 + .78 * t)
    tx = (x[rows:] - .5) * depth * .55
    veins = sample(noise, tx * 1.2 + .2, depth * .35) * .6 + sample(noise, tx * 4 + .7, depth * 1.1) * .3
    speckle = sample(fine, tx * 2.2, depth * 2.0)
    stone = rgb("#d9d6cf") * (1 + .035 * veins + .022 * speckle)[..., None]
    patch = smooth(-.34, -.25, tx + .22 * depth * .4 - .02) * smooth(.36, .27, tx + .22 * depth * .4 - .02)
    cross = 1 - .8 * np.exp(-((tx + .09 * depth) / .010) ** 2)
    sun_on_table = ndimage.gaussian_filter(patch * cross * smooth(.02, .10, t) * (1 - .55 * smooth(.45, 1, t)), (n * .004, n * .010))
    shadow = ndimage.gaussian_filter(leaves[::-1][: n - rows], (n * .006, n * .02))
    sun_on_table *= .55 + .45 * shadow
    lit = stone * (ambient[rows:] * 1.02 + sun_on_table[..., None] * rgb("#ffdcae") * 1.1 + bounce * .4)
    mirror_rows = np.clip(rows - 1 - np.arange(n - rows), 0, rows - 1)
    mirrored = ndimage.gaussian_filter(picture[mirror_rows], (n * .030, n * .012, 0))
    lit = mix(lit, mirrored, np.broadcast_to(.34 * (1 - t) ** 1.3 + .05, (n - rows, n)))
    far_edge = smooth(0, .012, t)
    picture[rows:] = ndimage.gaussian_filter(lit, (n * .0016, n * .0016, 0))
    edge = ndimage.gaussian_filter(picture, (n * .0020, 0, 0))
    band = np.exp(-((y - table) * n / (n * .004)) ** 2)
    picture = mix(picture, edge * (1 + .10 * np.exp(-((y - table - .003) * n / (n * .0012)) ** 2))[..., None], band)
    return camera(picture, rng, exposure=1.32, bloom=.03, vignette=.22, grain=.009, warmth=.01)


PICTURES = {
    "sea-sunset": sea_sunset, "city-dusk": city_dusk, "alpine-morning": alpine_morning, "kitchen-light": kitchen_light}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(PICTURES)} (default: all)")
    parser.add_argument("--size", type=int, default=2160, help="width and height in pixels")
    parser.add_argument("--quality", type=int, default=84)
    parser.add_argument("--folder", type=Path, default=HERE)
    options = parser.parse_args()
    if unknown := set(options.names) - set(PICTURES):
        parser.error(f"no picture named {', '.join(sorted(unknown))}; there are {', '.join(PICTURES)}")
    for name in options.names or PICTURES:
        file = options.folder / f"{name}.jpg"
        PICTURES[name](options.size).save(file, quality=options.quality, optimize=True, progressive=True, subsampling="4:2:0")
        print(f"{file.name}: {file.stat().st_size // 1024} kB")
