"""QR images, read back by a decoder that has nothing to do with their maker."""

from base64 import b64decode
from io import BytesIO

import pytest
from hypothesis import given
from lxml import etree
from PIL import Image

from mockgov.pages.qr_image import data_uri, png, svg
from mockgov.vocabulary.qr import QrPayload
from tests.strategies import qr_payloads

zxingcpp = pytest.importorskip("zxingcpp", reason="NOT CHECKED: no decoder of QR images here")
TEXT = "00112233445566778899aabbccddeeff|A1B2345617"


def decoded(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image)]


def drawn(drawing: bytes) -> Image.Image:
    """The drawing as pixels, by its two paths: a ground, and strokes of whole modules."""
    root = etree.fromstring(drawing)
    size = int(root.get("viewBox").split()[2])
    group = root[0]
    scale = int(group.get("transform").removeprefix("scale(").removesuffix(")"))
    modules = size // scale
    pixels = Image.new("L", (modules, modules), 255)
    x = y = 0
    for command in group[1].get("d").replace("M", "\nM").replace("m", "\nm").replace("h", "\nh").split("\n")[1:]:
        numbers = [float(part) for part in command[1:].replace("-", " -").split()]
        if command[0] == "M":
            x, y = int(numbers[0]), int(numbers[1])
        elif command[0] == "m":
            x, y = x + int(numbers[0]), y + int(numbers[1])
        else:
            pixels.paste(0, (x, y, x + int(numbers[0]), y + 1))
            x += int(numbers[0])
    return pixels.resize((8 * modules, 8 * modules), Image.Resampling.NEAREST)


@given(qr_payloads())
def test_the_images_say_what_they_should(payload: QrPayload) -> None:
    """Pixels and drawing, to the letter."""
    assert decoded(Image.open(BytesIO(png(payload.text)))) == [payload.text]
    assert decoded(drawn(svg(payload.text))) == [payload.text]


def test_the_decoder_can_say_no() -> None:
    """Half an image says nothing."""
    image = Image.open(BytesIO(png(TEXT))).convert("L")
    image.paste(255, (0, 0, image.width // 2, image.height))
    assert decoded(image) == []


def test_an_image_scales_and_is_dark_on_white() -> None:
    """The drawing has no size of its own, and four modules of white around it."""
    root = etree.fromstring(svg(TEXT))
    assert (root.get("width"), root.get("viewBox")) == (None, "0 0 164 164")
    assert [path.get("fill") or path.get("stroke") for path in root[0]] == ["#fff", "#000"]
    pixels = Image.open(BytesIO(png(TEXT))).convert("L")
    assert pixels.size == (328, 328)
    assert {pixels.getpixel((at, 16)) for at in range(328)} == {255}


def test_an_image_within_a_page() -> None:
    """The drawing itself, in base64."""
    kind, _, content = data_uri(TEXT).partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert b64decode(content) == svg(TEXT)
