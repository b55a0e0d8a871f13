"""Certificates to set in tests: ordinary ones in several languages, and ones that try to burst the page."""

from dataclasses import replace
from datetime import date

from issuer.certificate import CertificateInput
from issuer.certificate_words import words


def compared(language, framework="VQF"):
    """Give the level of the EQF as a certificate says it where the national framework is not referenced."""
    return ("EQF level 6", words(language)["basis"]["not_referenced"].format(framework=framework))


ENGLISH = CertificateInput(
    language="en",
    institution_names={
        "en": "Example University of Economics and Finance",
        "vi": "Trường Đại học Kinh tế - Tài chính Ví dụ",
    },
    locality="Hà Nội",
    country="Việt Nam",
    initials="UEF",
    titles={
        "en": "Credit Risk Analysis for Small-Business Lending",
        "vi": "Phân tích rủi ro tín dụng trong cho vay doanh nghiệp nhỏ",
    },
    learner_name="Nguyễn Thị Minh Anh",
    learner_language="vi",
    student_number="UEF-2231-0457",
    outcomes=(
        "Interpret the financial statements of a small enterprise and compute the ratios for repayment.",
        "Apply a logistic scoring model to a loan portfolio and evaluate its discriminatory power.",
        "Justify a lending decision under stress scenarios, taking responsibility for its assumptions.",
    ),
    ects="3",
    hours="90",
    levels=(
        ("VQF level 6, Viet Nam", "Assigned by the university with the level descriptors of the framework."),
        compared("en"),
    ),
    assessments=("Written examination 40 %", "Project with oral defence 60 %; both supervised"),
    period_start=date(2026, 4, 6),
    period_end=date(2026, 6, 20),
    participation="Blended",
    taught_in="en",
    awarded=date(2026, 6, 30),
    certificate_number="MC-2026-000457",
    quality=("Accredited institution until 20 May 2029", "Example Education Quality Accreditation Centre"),
    signatory_name="Assoc. Prof. Trần Quốc Bảo",
    signatory_role="Vice-Rector for Academic Affairs",
    issued=date(2026, 7, 3),
    verify_url="https://badges.example.edu.vn/c/9Qm4tXw2LrVbZ7kHsN3yDa",
    shown_address="badges.example.edu.vn/c",
    short_code="7KQ2-M9TX",
)

VIETNAMESE = replace(
    ENGLISH,
    language="vi",
    demonstration=True,
    outcomes_language="en",
    participation="Kết hợp",
    levels=(("VQF, bậc 6", words("vi")["basis"]["institutional"]), compared("vi")),
)

LAO = CertificateInput(
    language="lo",
    institution_names={"en": "Nam Khan University", "lo": "ມະຫາວິທະຍາໄລ ນ້ຳຄານ"},
    locality="Luang Prabang",
    country="Lao PDR",
    accent="#7a1f3d",
    initials="ນຄ",
    titles={
        "en": "Sustainable Water Management for Upland Communities",
        "lo": "ການຄຸ້ມຄອງນ້ຳແບບຍືນຍົງສຳລັບຊຸມຊົນໃນເຂດພູດອຍ ແລະ ການວັດແທກຄຸນນະພາບນ້ຳ",
    },
    learner_name="ນາງ ພອນສະຫວັນ ແກ້ວມະນີ",
    learner_language="lo",
    learner_name_other=("en", "Ms Phonesavanh Keomany"),
    student_number="NKU-66-01184",
    outcomes=(
        "ວັດແທກ ແລະ ອະທິບາຍຄຸນນະພາບນ້ຳຂອງແຫຼ່ງນ້ຳຊຸມຊົນ ດ້ວຍຕົວຊີ້ວັດຫຼັກຫົກຢ່າງ.",
        "ວາງແຜນການນຳໃຊ້ນ້ຳຂອງບ້ານ ໂດຍຄຳນຶງເຖິງລະດູແລ້ງ ແລະ ຄວາມຕ້ອງການຂອງທຸກຄົວເຮືອນ.",
        "ນຳສະເໜີແຜນຕໍ່ຄະນະບ້ານ ແລະ ຮັບຜິດຊອບຕໍ່ຂໍ້ສົມມຸດຂອງແຜນ.",
    ),
    ects="2",
    hours="56",
    levels=(
        ("LNQF ລະດັບ 5, ສປປ ລາວ", "ມະຫາວິທະຍາໄລກຳນົດ ຕາມຄຳອະທິບາຍລະດັບຂອງກອບ."),
        compared("lo", "LNQF"),
    ),
    assessments=("ບົດລາຍງານພາກສະໜາມ 70 %", "ການນຳສະເໜີ 30 %"),
    period_start=date(2026, 6, 1),
    period_end=date(2026, 8, 28),
    taught_in="lo",
    awarded=date(2026, 9, 10),
    certificate_number="MC-2026-000031",
    signatory_name="ຮສ. ປອ. ບຸນມີ ວົງສະຫວັນ",
    signatory_role="ຮອງອະທິການບໍດີຝ່າຍວິຊາການ",
    issued=date(2026, 9, 14),
    verify_url="https://badges.namkhan.example/c/4TbYw8RkP2mXe6QhVz5sJn",
    shown_address="badges.namkhan.example/c",
    short_code="3HWP-X6RD",
)

CZECH = replace(
    ENGLISH,
    language="cs",
    institution_names={
        "cs": "Vltavská univerzita aplikovaných věd",
        "en": "Vltava University of Applied Sciences",
    },
    locality="Řečice nad Vltavou",
    country="Česko",
    titles={"cs": "Řízení rizik v malých podnicích", "en": "Risk Management in Small Enterprises"},
    learner_name="Šťastný Příhoda Ďurovič",
    learner_language="cs",
    ects="1.5",
    hours="42",
    demonstration=True,
    verify_url="http://127.0.0.1:8000/c/9Qm4tXw2LrVbZ7kHsN3yDa",
    shown_address="127.0.0.1:8000/c",
)

WIDE_LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 100">'
    '<rect width="600" height="100" fill="#246"/><circle cx="50" cy="50" r="40" fill="#fff"/></svg>'
)

BARE = CertificateInput(
    language="en",
    institution_names={"en": "Example College"},
    titles={"en": "Tax"},
    learner_name="Li",
    awarded=date(2026, 1, 1),
    issued=date(2026, 1, 1),
    verify_url="http://127.0.0.1:8000/c/9Qm4tXw2LrVbZ7kHsN3yDa",
    shown_address="127.0.0.1:8000/c",
    short_code="7KQ2-M9TX",
)

_SENTENCE = (
    "Explain how a cooperative of farmers keeps its accounts, plans its harvest and answers to its members. "
)

CROWDED = replace(
    ENGLISH,
    demonstration=True,
    logo_svg=WIDE_LOGO,
    institution_names={
        "en": "The Honourable and Very Old Consortium University of Economics, Finance, Forestry and "
        "Fisheries of the Northern Mountain Provinces and the Delta",
        "vi": "Trường Đại học Kinh tế, Tài chính, Lâm nghiệp và Thủy sản các tỉnh miền núi phía Bắc "
        "và đồng bằng sông",
    },
    learner_name="Maria Immacolata Francesca Wolfeschlegelsteinhausenbergerdorff Nguyễn-Phương von "
    "Hohenzollern y Silva",
    learner_name_other=("lo", "ນາງ ພອນສະຫວັນ ແກ້ວມະນີ ວົງສະຫວັນ ສີສຸພັນທອງ ໄຊຍະວົງ ພົມມະຈັນ ອິນທິລາດ"),
    titles={
        "en": "Cooperative Bookkeeping, Harvest Planning and the Law of Associations for Elected Members of "
        "Village Committees: an Introduction with Exercises in the Field, on Paper and at the Computer",
        "vi": "Kế toán hợp tác xã, lập kế hoạch thu hoạch và luật hiệp hội dành cho thành viên được bầu "
        "của ban quản lý thôn: nhập môn với bài tập thực địa, trên giấy và trên máy tính",
    },
    outcomes=tuple(f"{_SENTENCE}{_SENTENCE}({number})" for number in range(1, 13)),
    levels=(
        (
            "VQF level 6, Viet Nam",
            "Level assigned by the awarding institution using the framework's level descriptors",
        ),
        compared("en"),
        ("AQRF level 6", "National level linked to EQF/AQRF by an adopted referencing report"),
    ),
    assessments=tuple(
        f"Assessment {number} in the presence of two examiners, {number} %" for number in range(1, 9)
    ),
    quality=(
        "Institutional quality assurance (external) until 20 May 2029",
        "Example Accreditation Centre " * 3,
    ),
    signatory_name="Associate Professor Doctor Maria Antonietta Trần Quốc Bảo-Fernández",
    signatory_role="Vice-Rector for Academic Affairs, International Relations and Lifelong Learning",
    verify_url="https://certificates.microcredentials.registry.northern-mountains.example.edu.vn/c/9Qm4tXw2LrVbZ7kHsN3yDa",
    shown_address="certificates.microcredentials.registry.northern-mountains.example.edu.vn/c",
)
