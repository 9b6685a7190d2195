"""The inventory: every table that says something about people, what for, on which ground, and until when. Pure.

After the form of the data controllers' register (VERBİS): category, persons concerned, purpose, ground, recipients,
period. Tables that say nothing about anybody are named too, so that none is forgotten: a test holds this file against
the database.
"""

from collections.abc import Sequence
from typing import Final

from mockgov.kvkk.holding import Ground, Holding, Whose

_ASKING = "Sorgulama", "Queries"
_CODES = "HES kodu üretme ve doğrulama", "Making and checking HES codes"
_SCRIPT = "Denenecek hâllerin hazır bulunması", "Having cases at hand that are to be tried"
_ACCOUNT = "Mobil uygulamaya giriş", "Signing in to the application"
_TRACING = "Salgınla mücadele, temaslı takibi", "Fighting the epidemic, contact tracing"
_JOINING = "Kurumsal entegrasyon başvurusu", "Applications for integration"
_WRITING = "Başvuru yazışmaları", "Correspondence about applications"
_TEXTS = "Kısa mesajla bilgilendirme", "Telling people by text message"
_CALLING = "Kuruma bildirim (geri çağrı)", "Calling an institution back"
_LAW = "6698 sayılı Kanun'un uygulanması", "Carrying out law 6698"
_EDEVLET = "e-Devlet'e giriş ve tekli sorgulama", "Signing in to e-Devlet and asking there"
_SESSIONS = "keep_login_codes_days"
_OFFICER = (Whose.OFFICER,)
_EVIDENCE = "twenty years, as the provider's evidence; not enforced here"
_OF_ACCOUNT = "until the account is closed; not enforced here"
_NOT_ENFORCED = "two years; not enforced here"


def _held(
    table: str,
    data: tuple[str, str],
    purpose: tuple[str, str],
    ground: Ground,
    setting: str | None = None,
    *,
    kept: str = "",
    whose: tuple[Whose, ...] = (Whose.HOLDER,),
) -> Holding:
    return Holding(
        table=table,
        data_tr=data[0],
        data_en=data[1],
        whose=whose,
        purpose_tr=purpose[0],
        purpose_en=purpose[1],
        ground=ground,
        setting=setting,
        kept=kept,
    )


HOLDINGS: Final[Sequence[Holding]] = (
    _held(
        "citizen",
        (
            "Kimlik, iletişim, ikamet ili, pasaport ve mavi kart bilgisi",
            "Identity, contact, province, passport, whether somebody has a blue card",
        ),
        ("Kimliğin doğrulanması (nüfus kaydından)", "Knowing who somebody is (from the population register)"),
        Ground.LAW,
        kept="as long as the population register has it",
    ),
    _held(
        "parent",
        ("Velayet bilgisi", "Parents and children"),
        ("Çocuk adına işlem", "Acting for a child"),
        Ground.LAW,
        kept="as long as the population register has it",
    ),
    _held(
        "death",
        ("Ölüm kaydı", "Deaths"),
        ("Kodların ve oturumların kapatılması", "Ending codes and sessions"),
        Ground.LAW,
        kept="as long as the population register has it",
    ),
    _held("script_part", ("Senaryodaki rol", "Parts in a script"), _SCRIPT, Ground.DUTY, kept="as long as the world"),
    _held("script_line", ("Beklenen kayıt", "What is to happen"), _SCRIPT, Ground.DUTY, kept="until it happens"),
    _held("code", ("HES kodu, etiketi, kareköd", "HES code, its label, its QR"), _CODES, Ground.LAW, "keep_codes_days"),
    _held(
        "code_share", ("Kodun verildiği kurum notu", "Notes on who has a code"), _CODES, Ground.LAW, "keep_codes_days"
    ),
    _held(
        "asked",
        ("Sorgu kaydı: kim, ne zaman, ne amaçla, sonuç, yer", "A question: who, when, what for, answer, place"),
        ("Hesap verebilirlik, ilgili kişiye bilgi verme", "Accounting for it, telling the holder"),
        Ground.DUTY,
        "keep_queries_days",
        whose=(Whose.HOLDER, Whose.ASKER),
    ),
    _held(
        "asked_about", ("Sorgu kaydının dizini", "Index of the questions"), _ASKING, Ground.DUTY, "keep_queries_days"
    ),
    _held(
        "risk_report",
        ("Test, temas, aşı, klinik ve izolasyon kaydı", "Reports of tests, contacts, vaccines, care, isolation"),
        _TRACING,
        Ground.HEALTH,
        "keep_reports_days",
    ),
    _held("risk_interval", ("İzolasyon dönemleri", "Isolations"), _TRACING, Ground.HEALTH, "keep_reports_days"),
    _held("risk_case", ("Vaka kaydı", "Cases"), _TRACING, Ground.HEALTH, "keep_reports_days"),
    _held("risk_file", ("Dosyanın son kaydı", "A file's last report"), _TRACING, Ground.HEALTH, "keep_reports_days"),
    _held(
        "risk_withheld",
        ("Paylaşım tercihi", "The choice not to share"),
        ("Tercihin uygulanması", "Keeping to the choice"),
        Ground.DUTY,
        kept="until the person changes it",
    ),
    _held(
        "app_user", ("Uygulama hesabı", "Account in the application"), _ACCOUNT, Ground.CONTRACT, kept="until erasure"
    ),
    _held(
        "app_registration",
        ("Uygulama kaydı, onaylanan metin", "Registration in the application, the text consented to"),
        _ACCOUNT,
        Ground.CONTRACT,
        kept="until erasure",
    ),
    _held("login_code", ("Giriş kodu", "Login code"), _ACCOUNT, Ground.CONTRACT, "keep_login_codes_days"),
    _held(
        "family_member",
        (
            "Aile daveti, cevabı, iki tarafın izinleri ve son değişiklik",
            "Family invitations, their answers, what each side lets the other see, the last change",
        ),
        ("Yakınların durumunun gösterilmesi", "Showing how relatives are"),
        Ground.CONTRACT,
        kept="until erasure",
    ),
    _held(
        "sms_message",
        ("Kısa mesaj metni, numara", "Text messages, phone numbers"),
        _TEXTS,
        Ground.DUTY,
        "keep_texts_days",
    ),
    _held(
        "short_number_text",
        ("2023'e yazan numara, sonucu, üretilen kod", "Who has texted 2023, what came of it, the code that was made"),
        _TEXTS,
        Ground.DUTY,
        "keep_texts_days",
    ),
    _held("sms_notice", ("İletilmemiş raporlar", "Receipts that wait"), _TEXTS, Ground.DUTY, "keep_texts_days"),
    _held(
        "sms_held_notice",
        ("Geciktirilen raporlar", "Receipts that a planted fault holds back"),
        _TEXTS,
        Ground.DUTY,
        kept="until they are told",
    ),
    _held(
        "sms_fate",
        ("Numaranın erişilebilirliği", "Whether a phone is reached"),
        _TEXTS,
        Ground.DUTY,
        kept="until changed",
    ),
    _held(
        "application",
        ("Erişim Talep Formu, yetkili kişi", "Access request form, its authorised person"),
        _JOINING,
        Ground.DUTY,
        "keep_forms_days",
        whose=_OFFICER,
    ),
    _held(
        "application_document",
        ("İmzalı form", "The signed form"),
        _JOINING,
        Ground.DUTY,
        "keep_forms_days",
        whose=_OFFICER,
    ),
    _held(
        "application_entry",
        ("Başvurunun geçmişi", "An application's history"),
        _JOINING,
        Ground.DUTY,
        "keep_forms_days",
        whose=_OFFICER,
    ),
    _held(
        "posted_letter",
        ("Postadaki yazı", "Letters in the post"),
        _JOINING,
        Ground.DUTY,
        kept="until it arrives",
        whose=_OFFICER,
    ),
    _held(
        "institution",
        ("Kurumun adıyla bilinen çalışanları", "An institution's staff known by name"),
        _JOINING,
        Ground.LAW,
        kept="as long as the register of institutions has it",
        whose=_OFFICER,
    ),
    _held(
        "account",
        ("Kurum kullanıcısı", "Institutions' accounts"),
        _ASKING,
        Ground.CONTRACT,
        kept=_OF_ACCOUNT,
        whose=_OFFICER,
    ),
    _held(
        "sms_account",
        ("Kısa mesaj kullanıcısı", "The gateway's accounts"),
        _TEXTS,
        Ground.CONTRACT,
        kept=_OF_ACCOUNT,
        whose=_OFFICER,
    ),
    _held(
        "sms_line",
        ("Kısa mesaj kullanıcısının hatları", "Lines of the gateway's accounts"),
        _TEXTS,
        Ground.CONTRACT,
        kept=_OF_ACCOUNT,
        whose=_OFFICER,
    ),
    _held(
        "edevlet_login",
        ("e-Devlet şifresinin özeti, hatalı denemeler", "Hash of a chosen e-Devlet password, wrong tries"),
        _EDEVLET,
        Ground.CONTRACT,
        kept="until erasure; only how many sessions there were stays",
    ),
    _held("edevlet_session", ("e-Devlet oturumu", "e-Devlet sessions"), _EDEVLET, Ground.CONTRACT, _SESSIONS),
    _held(
        "edevlet_inquiry",
        ("Oturumun son sorgusu ve cevabı", "What a session has asked last, and the answer"),
        _EDEVLET,
        Ground.CONTRACT,
        _SESSIONS,
    ),
    _held(
        "code_group",
        ("Kurumun kod grupları", "An institution's groups of codes"),
        _ASKING,
        Ground.DUTY,
        kept="until the institution drops the group",
        whose=_OFFICER,
    ),
    _held(
        "code_group_member",
        ("Gruptaki HES kodları", "The codes of a group"),
        _ASKING,
        Ground.DUTY,
        kept="until the institution takes the code out or drops the group, or its holder's data is erased",
    ),
    _held(
        "code_group_run",
        ("Grup sorgusu: kim, ne zaman, sayılar", "A group's query: who, when, counts"),
        _ASKING,
        Ground.DUTY,
        "keep_queries_days",
        whose=(Whose.OFFICER,),
    ),
    _held(
        "code_group_problem",
        ("Grup sorgusunda sorunlu kod, maskeli kimlik", "A group's codes with problems, masked identity numbers"),
        _ASKING,
        Ground.DUTY,
        "keep_queries_days",
    ),
    _held(
        "mail",
        ("E-posta adresleri, konu", "Mail addresses, subjects"),
        _WRITING,
        Ground.DUTY,
        kept=_NOT_ENFORCED,
        whose=_OFFICER,
    ),
    _held("mail_content", ("E-posta içeriği", "Mails"), _WRITING, Ground.DUTY, kept=_NOT_ENFORCED, whose=_OFFICER),
    _held(
        "mail_knock",
        ("E-posta gönderen ve alıcısı", "Who writes to whom"),
        _WRITING,
        Ground.DUTY,
        kept=_NOT_ENFORCED,
        whose=_OFFICER,
    ),
    _held(
        "kep_account",
        ("KEP hesabı", "Registered-mail accounts"),
        _WRITING,
        Ground.CONTRACT,
        kept=_OF_ACCOUNT,
        whose=_OFFICER,
    ),
    _held("kep_letter", ("KEP yazısı", "Registered letters"), _WRITING, Ground.CLAIM, kept=_EVIDENCE, whose=_OFFICER),
    _held(
        "kep_content",
        ("KEP yazısının içeriği", "Registered letters' contents"),
        _WRITING,
        Ground.CLAIM,
        kept=_EVIDENCE,
        whose=_OFFICER,
    ),
    _held(
        "kep_delivery", ("KEP teslimi", "Registered deliveries"), _WRITING, Ground.CLAIM, kept=_EVIDENCE, whose=_OFFICER
    ),
    _held(
        "kep_evidence", ("KEP delili", "Registered evidence"), _WRITING, Ground.CLAIM, kept=_EVIDENCE, whose=_OFFICER
    ),
    _held(
        "kep_archive",
        ("KEP delil arşivi", "Archive of evidence"),
        _WRITING,
        Ground.CLAIM,
        kept=_EVIDENCE,
        whose=_OFFICER,
    ),
    _held(
        "certificate",
        ("İmza sertifikası sahibi", "Holders of signature certificates"),
        ("Elektronik imzanın doğrulanması", "Checking electronic signatures"),
        Ground.CLAIM,
        kept="as long as signatures are checked; not enforced here",
        whose=_OFFICER,
    ),
    _held(
        "callback",
        ("Geri çağrı aboneliği", "Whom to call back, and about what"),
        _CALLING,
        Ground.CONTRACT,
        kept="until the institution ends it",
        whose=_OFFICER,
    ),
    _held(
        "callback_delivery",
        ("Geri çağrının içeriği: kod, maskeli kimlik, durum; kısa mesaj", "What was told: code, status; text messages"),
        _CALLING,
        Ground.CONTRACT,
        "keep_callbacks_days",
    ),
    _held(
        "callback_attempt",
        ("Geri çağrı denemeleri", "When it was tried to tell, and what came of it"),
        _CALLING,
        Ground.CONTRACT,
        "keep_callbacks_days",
    ),
    _held(
        "kvkk_request",
        ("İlgili kişi başvurusu ve cevabı", "Applications under the law and their answers"),
        _LAW,
        Ground.DUTY,
        "keep_requests_days",
    ),
)
"""Everything that is held about people."""

NOBODYS: Final = frozenset({"asked_indexed", "asked_tally", "risk_tally", "kvkk_erasure", "world"})
"""Tables in which nobody is."""
