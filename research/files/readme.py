"""`README.txt`: for whom a file is, what whoever holds it has to do, and how to see that it is whole."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import translation

from research.enums import ExportTier, StudyState
from research.files import about
from research.files.tables import Table
from research.models import Export, Study
from research.selectors import parts, studies

FLOW_LINES = (
    "  consort_flow.json, .svg        how many people came how far",
    "  response.json                  how the questions were asked and answered",
    "                                 In these, members and who said yes or left are told down to a whole five",
    "                                 ('at_least'), and fewer than five not at all.",
)
CELLS = "An empty cell is no value. A ' before a cell keeps a spreadsheet from running it."
TEAM = (
    "For the study's own team, and for nobody else. Keep it locked. People in it can be recognised.",
    "Weeks are counted from the first day of each person's own part; of one-thread names from one day for all.",
    "Answers carry their round, and no day.",
    CELLS,
    "Numbers that have to come out are listed in Kith, under 'Who left'. Look there before each use.",
    "Groups go by G1, G2 and so on, in an order by chance: the same in every file of the team, another one in each",
    "file for others.",
)
OTHERS = (
    "For whom it names, under the agreement it names, and nobody else. It is not for passing on, and not open data.",
    "Do not try to find out who somebody is, and do not put it together with other data about people.",
    "Answers carry their round. There is no day and no week of anybody in it.",
    CELLS,
    "Numbers, and what groups are called (G1, G2 and so on), are of this file alone: they fit no other file.",
    "People may leave the study later and want nothing used. You are told their numbers then: take these lines out of",
    "every copy. Ask, before each use, whether there are such numbers. Say when no copy is left.",
)
TOTALS = (
    "For anyone. No row is about one person.",
    "A figure is a count of people, rounded to five: sums may not add up.",
    "Nothing under ten is shown, and nothing that would give such a count away. An empty cell is not shown.",
    "'*' stands for all versions together.",
)
DUTIES = {ExportTier.T0: TEAM, ExportTier.T1: OTHERS, ExportTier.T3: TOTALS}


def words(export: Export, study: Study, tables: Sequence[Table], note: str) -> str:
    """All of it, in English. No line is about a participant."""
    with translation.override("en"):
        lines = list(_lines(ExportTier(export.tier), export, study, tables, note))
    return "\n".join(lines) + "\n"


def _lines(tier: ExportTier, export: Export, study: Study, tables: Sequence[Table], note: str) -> list[str]:
    settings = studies.settings_of(study)
    months = f"It is to be deleted {settings['retention_months']} months after the end of the study."
    whom = [f"It goes to: {export.recipient}", f"Agreement: {export.agreement}"] if export.recipient else []
    return [
        parts.title(study), "", note, *whom, "",
        f"Who answers for the data: {' '.join(settings['controller'].split())}",
        f"Whom to ask: {settings['contact']}", "",
        *DUTIES[tier], _versions(study),
        *([] if tier == ExportTier.T3 else [months]), "",
        "What is in it:",
        *(f"  data/{table.name}.csv, .jsonl   {table.title}" for table in tables),
        f"  {about.NAME}                     the study: ethics, what people read, sets of questions and their scoring",
        "  datapackage.json               every column, for programs (Data Package 2.0)",
        "  codebook.csv, .json, .html     every column, its question, and what its values mean",
        "  import.py, import.R            read the tables, with nothing else needed",
        "  mock/                          rows made up from the codebook alone",
        *(() if tier == ExportTier.T3 else FLOW_LINES),
        "  trace.json                     what each stage did, in counts",
        "  risk_report.json, .html        what this file can tell of people, and what is allowed",
        "  manifest.json                  SHA-256 of each file",
        "  manifest.sig                   a signature (Ed25519, base64) over 'kith-file-1 ' and manifest.json", "",
        "To see that it is whole: compare SHA-256 of each file with manifest.json. To see that it comes from this",
        "Kith, ask for its public key by another way than this file ('manage.py audit key' prints it), compare",
        "SHA-256 of the printed key with the fingerprint below, and check manifest.sig with it.",
        f"Fingerprint: {about.key_fingerprint()}",
    ]  # fmt: skip


def _versions(study: Study) -> str:
    if study.state == StudyState.CLOSED:
        return "Versions go by the letters of the protocol."
    return (
        "Versions go by letters that say nothing until the study is over. They are not those of the protocol."
    )
