"""The colours of the theme can be told apart."""

import re

from mobility.paths import CHECKOUT

LOOKS = CHECKOUT.site_source / "theme" / "assets" / "stylesheets"


def test_every_pair_of_text_and_background_can_be_read() -> None:
    light = dict(re.findall(r"(--om-[\w-]+): (#[0-9a-f]{6})", (LOOKS / "tokens.css").read_text()))
    slate = (LOOKS / "site.css").read_text().split('[data-md-color-scheme="slate"] {')[1].split("}")[0]
    dark = {**light, **dict(re.findall(r"(--om-[\w-]+): (#[0-9a-f]{6})", slate))}
    pairs = [
        ("ink", "paper"),
        ("ink", "surface"),
        ("muted", "paper"),
        ("muted", "surface"),
        ("on-brand", "brand"),
    ]
    pairs += [(f"{kind}-ink", f"{kind}-bg") for kind in ("note", "warn", "bad", "good")]
    for scheme in (light, dark):
        for text, ground in pairs:
            assert contrast(scheme[f"--om-{text}"], scheme[f"--om-{ground}"]) >= 4.5, (text, ground)
    assert contrast(light["--om-brand"], light["--om-paper"]) >= 4.5  # links


def contrast(one: str, other: str) -> float:
    """Of two colours, as WCAG 2.2 defines it: 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
