"""What services and counters are called on pages, in Turkish and in English."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

NAMES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "application": ("Kurumsal entegrasyon başvurusu", "Applications for integration"),
        "callbacks": ("Geri çağrılar", "Callbacks"),
        "certificates": ("Sertifika ve iptal listeleri", "Certificates and revocation lists"),
        "codes": ("HES kodları", "HES codes"),
        "corporate": ("Kurumsal sorgulama servisi", "The corporate service"),
        "credentials": ("Kurum hesapları", "Institutions' accounts"),
        "conformance": ("Canlıya geçiş provası", "The go-live rehearsal"),
        "edevlet": ("e-Devlet", "e-Devlet"),
        "faults": ("Planlanan arızalar", "Planned faults"),
        "family": ("Aile", "Families"),
        "groups": ("Toplu sorgu grupları", "Groups for bulk queries"),
        "journal": ("Günlük", "The journal"),
        "kep": ("Kayıtlı elektronik posta", "Registered e-mail"),
        "kep_http": ("KEP, JSON", "Registered e-mail by JSON"),
        "kep_soap": ("KEP, SOAP", "Registered e-mail by SOAP"),
        "kvkk": ("Kişisel verilerin korunması", "Protection of personal data"),
        "mail": ("E-posta", "E-mail"),
        "mobile_app": ("Hayat Eve Sığar uygulamasının servisleri", "The application's services"),
        "onboarding": ("Entegrasyon başvurusunun yürütülmesi", "The road of an application"),
        "qr": ("Karekod sayfası", "The QR page"),
        "queries": ("Sorgular ve sorgu kaydı", "Queries and their trail"),
        "registry": ("Nüfus ve kurum kayıtları", "The registers"),
        "risk_index": ("Risk durumu", "The risk index"),
        "script": ("Senaryo", "The script"),
        "short_number": ("2023 kısa numarası", "The short number 2023"),
        "signature": ("Elektronik imza", "Electronic signatures"),
        "signin": ("Uygulamaya giriş", "Signing in to the application"),
        "smpp": ("SMS, SMPP", "SMS by SMPP"),
        "sms": ("SMS", "SMS"),
        "sms_http": ("SMS, HTTP", "SMS by HTTP"),
        "smtp": ("E-posta, SMTP", "E-mail by SMTP"),
        "tripwire": ("Yabancı numaraların geri çevrilmesi", "Keeping strangers' numbers out"),
        "web_app": ("Hayat Eve Sığar sayfaları", "The application as pages"),
    }
)
"""By package; another package is called by its own name."""
