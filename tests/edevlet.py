"""Somebody at e-Devlet without a browser: reads pages as a scraper does, and sends their forms."""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from lxml import html

SIGN_IN = "/Giris/gir"
QUERY = "/saglik-bakanligi-hes-kodu-sorgulama"
CODES = "/saglik-bakanligi-hes-kodu-uretme-ve-listeleme"
GROUPS = "/saglik-bakanligi-toplu-hes-kodu-sorgulama"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Page:
    """An answer that is a page."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.status: int = answer.status_code
        self.tree = html.fromstring(answer.text)

    @property
    def token(self) -> str:
        """The page token in the body tag."""
        return str(self.tree.xpath("//body/@data-token")[0])

    def all(self, path: str) -> list[str]:
        """The words of every element that an XPath finds, blanks put right."""
        return [" ".join(one.text_content().split()) for one in self.tree.xpath(path)]

    def one(self, path: str) -> str:
        """The words of the only one."""
        (words,) = self.all(path)
        return words

    @property
    def warning(self) -> str:
        """What is refused; empty where nothing is."""
        return " ".join(self.all("//*[@class='warningContainer']"))

    @property
    def confirmed(self) -> str:
        """What was done."""
        return " ".join(self.all("//*[@class='confirmContainer']"))

    @property
    def result(self) -> dict[str, str]:
        """Terms and values of the list of a result."""
        terms, values = self.all("//dl[@class='compact']/dt"), self.all("//dl[@class='compact']/dd")
        return dict(zip(terms, values, strict=True))

    def table(self, title: str) -> list[list[str]]:
        """The rows of the table of that name; none where there is none."""
        rows = self.tree.xpath(f'//table[@summary="{title}"]/tbody/tr')
        return [[" ".join(cell.text_content().split()) for cell in row.xpath("./td")] for row in rows]


class Visitor:
    """Somebody with cookies of their own; `client` is anything with httpx's `get` and `post`."""

    def __init__(self, client: Any, prefix: str = "") -> None:
        self.client = client
        self.prefix = prefix

    def get(self, path: str) -> Page:
        """Open a page."""
        return Page(self.client.get(self.prefix + path, follow_redirects=True))

    def post(self, path: str, fields: Mapping[str, str], **more: Any) -> Any:
        """Send fields as they are."""
        return self.client.post(self.prefix + path, data=dict(fields), follow_redirects=False, **more)

    def send(self, path: str, **fields: str) -> Page:
        """Send a form with the token of its page, and see where that leads."""
        token = self.get(path).token
        return self.send_with(token, path, **fields)

    def send_with(self, token: str, path: str, **fields: str) -> Page:
        """The same with a token at hand."""
        data = {"token": token} | fields
        return Page(self.client.post(self.prefix + path, data=data, follow_redirects=True))

    def sign_in(self, identity_number: str, password: str, **fields: str) -> Any:
        """What the door answers."""
        page = self.get(SIGN_IN)
        hidden = {one.get("name"): one.get("value") for one in page.tree.xpath("//input[@type='hidden']")}
        return self.post(SIGN_IN, hidden | {"tridField": identity_number, "egpField": password} | fields)

    def ask(self, code: str) -> Page:
        """Put a code into the queue; the page that comes."""
        return self.send_with(self.get(QUERY).token, f"{QUERY}?submit", hes_kodu=code)

    def make_code(self, **fields: str) -> Page:
        """Make a code for oneself, without end if nothing is said."""
        return self.send(f"{CODES}?yeni=kod", **({"kime": "0", "sure": "suresiz"} | fields))

    def codes(self) -> list[str]:
        """One's codes, ten characters each, as listed."""
        return [text.replace("-", "") for text in self.get(CODES).all("//table/tbody/tr/td[1]")]

    def make_group(self, name: str, description: str = "") -> Page:
        """Make a group."""
        return self.send(f"{GROUPS}?yeni=grup", grupAdi=name, grupAciklama=description)

    def upload(self, body: bytes, *, place: int = 0, name: str = "liste.xlsx") -> Page:
        """Upload a workbook to a group."""
        path = f"{GROUPS}?i=x&s={place}"
        files = {"dosya": (name, BytesIO(body), XLSX)}
        sent = {"data": {"token": self.get(path).token}, "files": files, "follow_redirects": True}
        return Page(self.client.post(self.prefix + path, **sent))


def workbook(*values: object, header: object = "HES KODU") -> bytes:
    """A workbook with a header and one value a row; `=` begins a formula, None is a blank row."""
    from xlsxwriter import Workbook  # noqa: PLC0415  heavy

    written = BytesIO()
    with Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for row, value in enumerate((header, *values)):
            if isinstance(value, str) and value.startswith("="):
                sheet.write_formula(row, 0, value, None, "A1B2345617")
            elif isinstance(value, str):
                sheet.write_string(row, 0, value)
            elif value is not None:
                sheet.write(row, 0, value)
    return written.getvalue()


def codes(count: int) -> list[str]:
    """So many different codes that nobody has."""
    return [f"A0A0{nth:04d}1{nth // 10_000}" for nth in range(count)]


def unread(words: str) -> dict[str, str]:
    """Rows and what is wrong with them, from the list of a page that tells of an upload."""
    return dict(re.findall(r"Satır ([\d–]+): (.+)", words))
