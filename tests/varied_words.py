"""Words in sixteen scripts, emoji and awkward characters, out of which varied credentials are written."""

import random

SCRIPTS = {
    "latin": ("Šárka Žůžová", "Univerzita Příklad", "Řízení rizik", "Naučila se číst mapy", "Ğüneş Œuvre ß"),
    "vietnamese": ("Nguyễn Thị Hằng", "Trường Đại học Đồng Xanh", "Phân tích rủi ro", "Đạt yêu cầu", "Huế"),
    "lao": ("ບຸນມີ ວົງສາ", "ມະຫາວິທະຍາໄລຕົວຢ່າງ", "ໃບຢັ້ງຢືນ", "ຜ່ານການສອບເສັງ", "ວຽງຈັນ"),
    "thai": ("สมชาย ใจดี", "มหาวิทยาลัยตัวอย่าง", "ประกาศนียบัตร", "ผ่านการสอบแล้ว", "กรุงเทพฯ"),
    "khmer": ("សុខា ចាន់", "សាកលវិទ្យាល័យ", "វិញ្ញាបនបត្រ", "បានប្រឡងជាប់", "ភ្នំពេញ"),
    "cyrillic": ("Олена Ґудзь", "Університет Приклад", "Оцінка ризиків", "Іспит складено", "Ћуприја"),
    "greek": ("Ἀθηνᾶ Παπαδοπούλου", "Πανεπιστήμιο Παράδειγμα", "Ανάλυση", "Πέτυχε στις εξετάσεις", "Άρτα"),
    "arabic": ("فاطمة الزهراء", "جامعة المثال", "تحليل المخاطر", "اجتازت الامتحان بنجاح", "القاهرة ٢٠٢٦"),
    "hebrew": ("יעל כהן", "אוניברסיטת דוגמה", "ניתוח סיכונים", "עברה את הבחינה", "בְּרֵאשִׁית"),
    "devanagari": ("क्षमा शर्मा", "उदाहरण विश्वविद्यालय", "जोखिम विश्लेषण", "परीक्षा उत्तीर्ण की", "काठमाण्डू"),
    "chinese": ("王小明", "示例大学", "风险分析", "已通过考试。", "𠮷野家〇"),
    "japanese": ("山田 花子", "例題大学", "リスク分析", "試験に合格しました。", "カタカナ・ひらがな"),
    "korean": ("김민준", "예시 대학교", "위험 분석", "시험에 합격하였습니다", "서울"),
    "georgian": ("ნინო ბერიძე", "სამაგალითო უნივერსიტეტი", "რისკის ანალიზი", "გამოცდა ჩააბარა", "თბილისი"),
    "tamil": ("கவிதா முருகன்", "எடுத்துக்காட்டு பல்கலைக்கழகம்", "இடர் பகுப்பாய்வு", "தேர்ச்சி", "சென்னை"),
    "ethiopic": ("አበበ ቢቂላ", "ምሳሌ ዩኒቨርሲቲ", "የአደጋ ትንተና", "ፈተናውን አልፏል", "አዲስ አበባ"),
}
EMOJI = ("\U0001f393", "\U0001f1fb\U0001f1f3", "\U0001f469\U0001f3fd‍\U0001f52c", "❤️", "\U0001f9ee")
AWKWARD = (
    'a "quoted" \\ backslash',
    "two\nlines\r\nand\ta tab",
    "e\u0301 beside é",
    "\u202bfrom right to left\u202c",
    "zero\u200bwidth\ufeffmark",
    "ＦＵＬＬ ｗｉｄｔｈ",
    "<b>&amp;</b> {{x}} %s $1",
    "   ",
    "_:c14n0 <https://a.example/> .",
    "\u0085\u2028\u2029"[1:],
    "ﷺ ﬁ Å ſ İ ı",
    "\U0001d11e\U0010fffd",
    "null",
    "0",
)
TRAP = ("ＡＢＣ", "\U0001f393")  # by code points in this order, by UTF-16 units in the other


class Words:
    """Texts in one script, by a generator of chance that the caller seeds."""

    def __init__(self, script: str, chance: random.Random) -> None:
        self._phrases = SCRIPTS[script]
        self._chance = chance

    def one(self) -> str:
        return self._chance.choice(self._phrases)

    def text(self) -> str:
        """Give one to four phrases, now and then with an emoji or something awkward."""
        parts = [self.one() for _ in range(self._chance.randint(1, 4))]
        if self._chance.random() < 0.3:
            parts.append(self._chance.choice(EMOJI))
        if self._chance.random() < 0.3:
            parts.append(self._chance.choice(AWKWARD))
        return " ".join(parts)


def sorted_alike(texts: list[str]) -> bool:
    """Tell whether texts stand in one order by code points and by UTF-16 units."""
    return sorted(texts) == sorted(texts, key=lambda text: text.encode("utf-16-be", "surrogatepass"))
