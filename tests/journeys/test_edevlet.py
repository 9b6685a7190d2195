"""A citizen and a small institution at e-Devlet, over HTTP, at a clock that stands still."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx2
import pytest

from tests.edevlet import CODES, GROUPS, QUERY, Visitor, workbook
from tests.journeys.callers import Handset, Institution, expect, register

CITIZEN = {"firstname": "Ayşe Nur", "lastname": "Yılmaz", "sex": "FEMALE", "birth_date": "1985-02-28", "province": 26}
OTHER = CITIZEN | {"firstname": "Şule", "lastname": "Öz"}
MANAGER = CITIZEN | {"firstname": "Işıl", "lastname": "Çağ"}
INVALID = "Geçersiz HES Kodu Listesi (Süresi dolmuş, Silinmiş)"
RISKY = "Riskli HES Kodu Listesi (Pozitif, Temaslı)"


class Person(Visitor):
    """Somebody of the world who knows their password."""

    def __init__(self, client: httpx2.Client, person: Mapping[str, Any]) -> None:
        known = httpx2.Client(base_url=client.base_url, timeout=30, trust_env=False)
        super().__init__(known)
        self.person = person
        self.lab = client

    def enter(self) -> None:
        """Sign in with what the lab tells."""
        known = expect(self.lab.get(f"/_lab/people/{self.person['citizen_id']}/edevlet"))
        assert self.sign_in(known["identity_number"], known["password"]).status_code == 302

    def answer(self, code: str) -> Any:
        """Query a code and wait for its turn."""
        self.ask(code)
        pass_time(self.lab, 2)
        return self.get(f"{QUERY}?sonuc=Goster")

    def askers(self) -> list[tuple[str, str, str]]:
        """Who asked about this person, for what and with what answer, newest first."""
        rows = expect(self.lab.get(f"/_lab/people/{self.person['citizen_id']}/askers"))
        return [(row["asker"], row["purpose"], row["outcome"]) for row in rows]


def pass_time(client: httpx2.Client, seconds: float) -> None:
    expect(client.post("/_lab/clock", json={"advance_s": seconds}))


@pytest.fixture
def people(client: httpx2.Client) -> Iterator[tuple[Person, ...]]:
    """A citizen, another one, and the manager of a shop of twelve; all are signed in."""
    made = tuple(Person(client, one) for one in register(client, CITIZEN, OTHER, MANAGER))
    shop = {"kind": "WORKPLACE", "name": "Dükkân (sandbox)", "label": "DUKKAN", "province": 26, "staff_count": 12}
    expect(client.post("/_lab/institutions", json=shop | {"staff": [made[2].person["citizen_id"]]}), 201)
    for person in made:
        person.enter()
    yield made
    for person in made:
        person.client.close()


def test_a_code_from_e_devlet_to_a_refused_corporate_query(client: httpx2.Client, people: tuple[Person, ...]) -> None:
    """Made here, asked about by a neighbour, a shop and a firm's machine, told to its holder, deleted: unknown."""
    holder, neighbour, manager = people
    holder.make_code(aciklama="İş yeri", sure="sureli", bitis="2021-10-30")
    (code,) = holder.codes()
    handset = Handset(client, holder.person)
    handset.sign_in()
    (seen,) = handset.codes()
    assert (seen["hes_code"], seen["description"], seen["created_by"]) == (code, "İş yeri", "hes-edevlet")
    assert seen["expiration_date"] == "2021-10-30T21:00:00.000Z"

    assert neighbour.answer(seen["hes_code_barcode"].replace("|", ";")).result["Risk Durumu"] == "Riskli Değil"
    manager.make_group("Çalışanlar")
    manager.upload(workbook(code))
    assert manager.get(f"{GROUPS}?i=s&s=0").confirmed == "Riskli veya geçersiz HES kodu yok."
    firm = Institution(client, "ÇINAR")
    assert firm.status(code) == "RISKLESS"

    number = holder.person["citizen_id"]
    report = {"kind": "pcr", "citizen_id": number, "at": "2021-10-04T05:00:00Z", "positive": True}
    expect(client.post("/_lab/reports", json=[report]), 201)
    masked = f"********{holder.person['identity_number'][-3:]}"
    dashed = f"{code[:4]}-{code[4:8]}-{code[8:]}"
    assert neighbour.answer(code).result["Risk Durumu"] == "Riskli"
    page = manager.get(f"{GROUPS}?i=s&s=0")
    assert (page.table(RISKY), page.table(INVALID)) == ([[dashed, masked, "Riskli"]], [])
    assert firm.status(code) == "RISKY"

    page = holder.get(f"{CODES}?i=d&s=0")
    holder.send_with(page.token, f"{CODES}?i=sil", hes_kodu=code)
    assert holder.codes() == []
    assert expect(firm.ask("C3", code), 400)["errorKey"] == "hescodenotfound"
    assert expect(firm.ask("C4", code))["unsuccess_map"] == {code: "hescodenotfound"}
    assert expect(handset.check(code), 400)["errorKey"] == "hescodenotfound"
    assert neighbour.answer(code).warning == "Girilen HES Kodu geçersizdir."
    page = manager.get(f"{GROUPS}?i=s&s=0")
    assert (page.table(INVALID), page.table(RISKY)) == ([[dashed, "Silinmiş", "-"]], [])

    two, three = (one.person["citizen_id"] for one in (neighbour, manager))
    shop = f"institution:1/citizen:{three}"
    once = [(f"citizen:{two}", "person-plus"), (shop, "bulk"), ("ÇINAR-G2G-HES", "single")]
    told = [(*one, outcome) for outcome in ("RISKLESS", "RISKY") for one in once]
    assert holder.askers() == told[::-1]


def test_an_expired_code(client: httpx2.Client, people: tuple[Person, ...]) -> None:
    """It ends with its last day in Turkey, at the same moment for everybody."""
    holder, neighbour, manager = people
    holder.make_code(sure="sureli", bitis="2021-10-05")
    (code,) = holder.codes()
    manager.make_group("Çalışanlar")
    manager.send(f"{GROUPS}?i=k&s=0", hesKodu=code)
    expect(client.post("/_lab/clock", json={"to": "2021-10-05T20:59:57+00:00"}))
    for person in people:
        person.enter()
    assert neighbour.answer(code).result["Geçerlilik Zamanı"] == "06/10/2021 00:00"
    pass_time(client, 1)
    assert neighbour.answer(code).warning == "Girilen HES Kodu geçersizdir."
    rows = manager.get(f"{GROUPS}?i=s&s=0").table(INVALID)
    assert rows == [[f"{code[:4]}-{code[4:8]}-{code[8:]}", "Süresi dolmuş", "06/10/2021 00:00"]]


def test_a_scraper_of_the_real_pages_works(client: httpx2.Client, people: tuple[Person, ...]) -> None:
    """It knows paths, field names, the page token, the list's class, the warning's class and the tables' names only."""
    from lxml import html  # noqa: PLC0415

    holder, _, manager = people
    holder.make_code()
    (code,) = holder.codes()
    known = expect(client.get(f"/_lab/people/{manager.person['citizen_id']}/edevlet"))
    with httpx2.Client(base_url=client.base_url, timeout=30, trust_env=False) as session:
        door = html.fromstring(session.get("/Giris/gir").text)
        token = door.xpath("//input[@name='currentPageToken']/@value")[0]
        fields = {"tridField": known["identity_number"], "egpField": known["password"], "currentPageToken": token}
        assert session.post("/Giris/gir", data=fields | {"actionName": "giris"}).status_code == 302

        def query(text: str) -> Any:
            page = html.fromstring(session.get("/saglik-bakanligi-hes-kodu-sorgulama").text)
            sent = {"hes_kodu": text, "token": page.xpath("//body/@data-token")[0]}
            session.post("/saglik-bakanligi-hes-kodu-sorgulama?submit", data=sent)
            for _ in range(10):
                answer = session.get("/saglik-bakanligi-hes-kodu-sorgulama?sonuc=Goster").text
                if "kuyruğa" not in answer:
                    return html.fromstring(answer)
                pass_time(client, 1)
            raise AssertionError("the queue has no end")

        page = query(code)
        terms = [one.text_content().strip() for one in page.xpath("//dl[@class='compact']/dt")]
        values = [one.text_content().strip() for one in page.xpath("//dl[@class='compact']/dd")]
        assert terms == [
            "Adı Soyadı",
            "T.C. Kimlik Numarası",
            "HES Kodu",
            "Geçerlilik Zamanı",
            "Risk Durumu",
            "Aşılı",
            "Geçirilmiş Hastalık",
            "Son 48 Saatte Negatif Test",
        ]
        assert (values[0], values[4]) == ("AY**** NU**** YI****", "Riskli Değil")
        page = query("X0X0000010")
        assert page.find_class("warningContainer")[0].text_content().strip() == "Girilen HES Kodu geçersizdir."
        assert page.xpath("//dl") == []

        path = "/saglik-bakanligi-toplu-hes-kodu-sorgulama"
        page = html.fromstring(session.get(f"{path}?yeni=grup").text)
        form = page.xpath("//form[.//input[@name='grupAdi']]")[0]
        sent = {"grupAdi": "Ekip", "grupAciklama": "", "token": page.xpath("//body/@data-token")[0]}
        address = str(httpx2.URL(str(client.base_url)).join(form.get("action")))
        codes_page = html.fromstring(session.post(address, data=sent, follow_redirects=True).text)
        link = codes_page.xpath("//a[text()='Hes Kodlarını Excelden Yükle']/@href")[0]
        upload = html.fromstring(session.get(str(httpx2.URL(str(client.base_url)).join(link))).text)
        form = upload.xpath("//form[.//input[@type='file']]")[0]
        files = {form.xpath(".//input[@type='file']/@name")[0]: ("liste.xlsx", workbook(code, "X0X0000010"))}
        token = upload.xpath("//body/@data-token")[0]
        address = str(httpx2.URL(str(client.base_url)).join(form.get("action")))
        session.post(address, data={"token": token}, files=files)
        page = html.fromstring(session.get(f"{path}?i=s&s=0").text)
        table = page.xpath(f'//table[@summary="{INVALID}"]')[0]
        assert table.xpath(".//td")[0].text_content().strip() == "X0X0-0000-10"
        assert page.xpath(f'//table[@summary="{RISKY}"]') == []
