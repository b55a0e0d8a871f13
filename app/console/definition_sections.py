"""The sections of the form: every field of a definition with its label and its hint.

This is the one list of what the form knows. A term that is not named here is carried along untouched.
"""

from app.console.definition_choices import fields_of_study, from_vocabulary, languages, levels, result_types
from app.console.definition_kinds import Choice, Choices, Day, Duration, Flag, Hours, Line, Lines, Whole
from app.console.definition_parts import Entry, Rows, Section, Words, is_assessment, is_level
from app.words import lazy_gettext as _
from microcredential.expansion import ECTS
from microcredential.vocabulary import Vocabulary

_A = "achievement"
_URL_HINT = _("An address that begins with https://")

_TITLE = Section(
    "title",
    _("Title and language"),
    (
        Entry(
            ("definition", "code"),
            Line(),
            _("Code"),
            _("Short and lasting, for example MC-CRS-2026. All versions share it."),
            instead=(_A, "humanCode"),
        ),
        Entry(
            ("definition", "version"),
            Line(),
            _("Version"),
            _("For example 2026-1. What is published never changes: a new text needs a new version."),
            instead=(_A, "version"),
        ),
        Entry(
            ("definition", "language"),
            Choice(),
            _("Language of the certificate and of instruction"),
            options=languages,
            instead=(_A, "inLanguage"),
        ),
        Words((_A, "title"), _("Title"), _("Up to 200 characters. English is always needed.")),
        Words(
            (_A, "summary"),
            _("Summary"),
            _("Employers read this first: what, for whom and how, in 100 to 400 characters."),
            "area",
        ),
    ),
)

_SKILLS = Rows(
    ("relatedESCOSkill",),
    _("Skill of ESCO"),
    (
        Entry(
            ("id",),
            Line(),
            _("Address of the skill"),
            _("As ESCO shows it; it begins with http://data.europa.eu/esco/skill/"),
        ),
        Entry(("prefLabel", "en"), Line(), _("Name of the skill in English")),
    ),
    (("", _("Add a skill"), {}),),
)

_OUTCOMES = Section(
    "outcomes",
    _("Learning outcomes"),
    (
        Rows(
            (_A, "learningOutcome"),
            _("Outcome"),
            (
                Words(
                    ("title",),
                    _("What the holder can do"),
                    _("Begin with a verb that can be observed: explain, compare, calculate."),
                    "area",
                ),
                Entry(("skillType",), Choice(), _("Kind"), options=from_vocabulary(Vocabulary.SKILL_TYPE)),
                _SKILLS,
            ),
            (("", _("Add an outcome"), {"title": {}}),),
            _("Two to eight can be compared."),
        ),
    ),
)

_WORKLOAD = Section(
    "workload",
    _("Workload and participation"),
    (
        Entry(("working", "hours", "contact"), Whole(), _("Contact hours")),
        Entry(("working", "hours", "self_study"), Whole(), _("Hours of self-study")),
        Entry(("working", "hours", "assessment"), Whole(), _("Hours of assessment")),
        Entry(
            (_A, "volumeOfLearning"),
            Hours(),
            _("Hours in all"),
            _("Calculated from the three above when they are filled. Only this sum is published."),
        ),
        Rows(
            (_A, "creditPoint"),
            _("Credits"),
            (
                Entry(
                    ("framework",),
                    Choice(),
                    _("Credit system"),
                    options=from_vocabulary(Vocabulary.CREDIT_SYSTEM),
                ),
                Entry(("point",), Line("number"), _("Credits")),
            ),
            (("", _("Add credits of another system"), {"framework": ECTS}),),
            _("ECTS wherever possible: 1 to 15, in halves, 25 to 30 hours a credit."),
        ),
        Words(
            ("definition", "workload_reason"),
            _("Reason for an unusual workload"),
            _("Needed only where hours and ECTS do not make 25 to 30 hours a credit. It is published."),
        ),
        Entry((_A, "mode"), Choices(), _("Form of participation"), options=from_vocabulary(Vocabulary.MODE)),
        Words((_A, "entryRequirement"), _("Needed before"), _("Who may enrol. Write “None” if anyone may.")),
        Entry(
            (_A, "learningSetting"),
            Choice(),
            _("Learning setting"),
            options=from_vocabulary(Vocabulary.LEARNING_SETTING),
        ),
        Entry(
            (_A, "learningOpportunityType"),
            Choice(),
            _("Kind of offer"),
            options=from_vocabulary(Vocabulary.LEARNING_OPPORTUNITY),
        ),
        Entry(
            (_A, "thematicArea"),
            Choices("selects"),
            _("Field of study"),
            _("ISCED-F 2013. The first one is shown."),
            options=fields_of_study,
        ),
    ),
)

_LEVEL = Section(
    "level",
    _("Level"),
    (
        Rows(
            (_A, "alignment"),
            _("Level"),
            (
                Entry(
                    ("targetUrl",),
                    Choice(),
                    _("Framework and level"),
                    options=levels,
                    stale=("targetName", "targetCode", "targetFramework", "targetType"),
                ),
                Entry(
                    ("referencingBasis",),
                    Choice(),
                    _("Basis"),
                    _("On what the claim rests; indicative where the framework is not referenced."),
                    options=from_vocabulary(Vocabulary.REFERENCING_BASIS),
                ),
                Entry(("targetDescription",), Line("area"), _("In words")),
            ),
            (("", _("Add a level"), {"referencingBasis": ""}),),
            _("At most one for each framework: the national one first, then the EQF."),
            shows=is_level,
        ),
    ),
)

_OF_ASSESSMENT = dict.fromkeys(
    ("assessmentType", "assessmentMode", "supervision", "weightPercent", "assesses"), is_assessment
)

_ASSESSMENT = Section(
    "assessment",
    _("Assessment"),
    (
        Entry((_A, "criteria", "narrative"), Line("area"), _("What must be done to earn it")),
        Entry((_A, "criteria", "id"), Line(), _("Page of the course"), _URL_HINT),
        Rows(
            (_A, "resultDescription"),
            _("Assessment or grade"),
            (
                Entry(("name",), Line(), _("Name")),
                Entry(
                    ("id",),
                    Line(),
                    _("Short name"),
                    _("A word such as exam. The column of a class list is then result:exam."),
                ),
                Entry(
                    ("assessmentType",),
                    Choices("selects", kept=True),
                    _("Type of assessment"),
                    options=from_vocabulary(Vocabulary.ASSESSMENT_TYPE),
                ),
                Entry(
                    ("assessmentMode",),
                    Choices("selects"),
                    _("Form of assessment"),
                    options=from_vocabulary(Vocabulary.MODE),
                ),
                Entry(
                    ("supervision",),
                    Choice(),
                    _("Supervision and check of identity"),
                    options=from_vocabulary(Vocabulary.SUPERVISION),
                ),
                Entry(("weightPercent",), Whole(), _("Weight in per cent")),
                Entry(
                    ("assesses",),
                    Lines(),
                    _("Outcomes that it assesses, one a line"),
                    _("lo1 is the first outcome, lo2 the second. Once one is named, each must be."),
                ),
                Entry(("resultType",), Choice(), _("How it is graded"), options=result_types),
                Entry(("valueMin",), Line("number"), _("Lowest mark")),
                Entry(("valueMax",), Line("number"), _("Highest mark")),
                Entry(("requiredValue",), Line("number"), _("Pass mark")),
                Entry(
                    ("allowedValue",),
                    Lines(),
                    _("Grades, best first, one a line"),
                    _("In place of lowest and highest mark."),
                ),
            ),
            (
                ("assessment", _("Add an assessment"), {"assessmentType": [], "resultType": "RawScore"}),
                ("grade", _("Add the overall grade"), {"id": "final", "resultType": "Result"}),
            ),
            _("The weights of the assessments sum to 100. The overall grade stands apart, without a type."),
            only=_OF_ASSESSMENT,
        ),
    ),
)

_QUALITY = Section(
    "quality",
    _("Quality assurance"),
    (
        Rows(
            (_A, "qualityAssurance"),
            _("Quality assurance"),
            (
                Words(("title",), _("What it is")),
                Entry(
                    ("qaType",), Choice(), _("Type"), options=from_vocabulary(Vocabulary.QUALITY_ASSURANCE)
                ),
                Entry(
                    ("accreditingAgent", "name"),
                    Line(),
                    _("Agency or board"),
                    _("Needed when it is external."),
                ),
                Entry(("accreditingAgent", "url"), Line(), _("Its web address"), _URL_HINT, stale=("id",)),
                Entry(("decision",), Line(), _("Decision")),
                Entry(("report",), Line(), _("Address of the report"), _URL_HINT),
                Entry(("dateIssued",), Day(), _("Decided on"), _("As 2026-09-01")),
                Entry(("reviewDate",), Day(), _("To be reviewed on"), _("As 2026-09-01")),
                Entry(("expiryDate",), Day(), _("In force until"), _("As 2026-09-01")),
            ),
            (("", _("Add quality assurance"), {"qaType": ""}),),
            _("“Internal only” is an honest answer and is shown as such."),
        ),
    ),
)

_OPTIONS = Section(
    "options",
    _("Use and options"),
    (
        Entry(
            (_A, "stackability"),
            Choice(),
            _("Can be combined"),
            options=from_vocabulary(Vocabulary.STACKABILITY),
        ),
        Rows(
            (_A, "isPartOf"),
            _("Programme"),
            (
                Words(("title",), _("Name of the programme")),
                Entry(("id",), Line(), _("Its web address"), _URL_HINT),
                Entry(("qualificationCode",), Line(), _("Its code")),
            ),
            (("", _("Add a programme that it counts towards"), {"title": {}}),),
        ),
        Rows(
            (_A, "awardingBody"),
            _("Awarding body"),
            (
                Entry(("name",), Line(), _("Name")),
                Entry(
                    ("id",),
                    Line(),
                    _("Identifier"),
                    _("The word issuer for this institution, else an address."),
                ),
                Entry(("url",), Line(), _("Web address"), _URL_HINT),
            ),
            (
                ("issuer", _("Add this institution"), {"id": "issuer"}),
                ("partner", _("Add a partner that awards with it"), {}),
            ),
            _("Only for joint awards: every body that awards, this institution among them."),
        ),
        Entry((_A, "tag"), Lines(), _("Words to find it by, one a line")),
        Entry(("definition", "signatory", "name"), Line(), _("Signed by")),
        Entry(
            ("definition", "signatory", "role"),
            Line(),
            _("Office of the signatory"),
            _("Both or neither: without them the institution's own signatory signs."),
        ),
        Entry(
            ("definition", "valid_for"),
            Duration(),
            _("Lapses after"),
            _("Leave it empty where the achievement does not lapse."),
        ),
        Entry(
            ("definition", "suspension"),
            Flag(),
            _("These credentials can be suspended"),
            _("They then carry a second status entry, which not every reader knows."),
        ),
        Entry(
            ("definition", "refresh"),
            Flag(),
            _("These credentials can be renewed"),
            _("They then name an address at which whoever has been shown one finds its newest version."),
        ),
    ),
)

SECTIONS = (_TITLE, _OUTCOMES, _WORKLOAD, _LEVEL, _ASSESSMENT, _QUALITY, _OPTIONS)
