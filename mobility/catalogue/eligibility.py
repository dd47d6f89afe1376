"""Eligibility: checks an applicant's profile against the requirements of a programme, rule by rule.

The institution's own rule (source: its page, `requirements.sources`): selection from a GPA of 3.0, the
transcript itself is taken from 2.5, unless the host asks more; the language level that the host asks, proved
by IELTS, TOEFL or the institution's own statement. What no source says gives no verdict but "unknown".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from mobility.catalogue import toefl
from mobility.catalogue.gpa import AskedBy, format_gpa, gpa_rule
from mobility.catalogue.partners import Catalogue, Defaults, Offer
from mobility.catalogue.scales import SCALES
from mobility.i18n.labels import LEVELS, label
from mobility.i18n.languages import Language, Said, Translatable, format_number, said, translations

Verdict = Literal["met", "below", "not_met", "unknown"]
CEFR = ("A1", "A2", "B1", "B2", "C1", "C2")
NEAR = {"ielts": 0.5, "toefl": 10.0, "cefr": 1.0}
"""How much may be missing for the answer "almost" rather than "no": IELTS bands, TOEFL points, CEFR levels.
Ours, for the finder only; no rule of the university, and the page says so. Not for the GPA: below what a
transcript needs, no application can be received; from there on, it is."""
SCORED = ("ielts", "toefl", "toefl-6")
"""The proofs of language that have a score: TOEFL of 0 to 120, and of 1 to 6."""
PROOFS = (*SCORED, "statement")
"""The proofs that the rules know without the office's further ones."""
Answer = Literal["yes", "so-far", "almost", "no", "unknown"]


@dataclass(frozen=True)
class Profile:
    """An applicant's facts that the rules read. `gpa` of 4.0; `proof`: ielts, toefl (of 0 to 120), toefl-6
    (of 1 to 6), statement, or the id of a further proof; `score`: of the test; `cefr`: of the statement."""

    gpa: float | None = None
    level: str | None = None
    citizenship: str | None = None
    proof: str | None = None
    score: float | None = None
    cefr: str | None = None
    year: int | None = None


@dataclass(frozen=True)
class Finding:
    """The result of one rule for one applicant.

    `below`: received, but under the selection criterion. `needed`: empty where no source says. `asked_by`:
    whose number it is.
    """

    rule: Literal["transcript", "selection", "language", "level", "year"]
    verdict: Verdict
    needed: str | Translatable
    given: str | Translatable
    asked_by: AskedBy = "institution"
    near: bool = False
    """Whether what is missing is little: see `NEAR`."""
    told: bool = True
    """Whether the applicant has said what the rule reads."""

    @property
    def sentence(self) -> Said:
        """The finding in words for the applicant."""
        text = _SENTENCES[self.rule, "untold" if self.needed and not self.told else self.verdict].text
        return Said(text, {"needed": self.needed, "given": self.given})


_SENTENCES = {
    ("transcript", "met"): said("Your transcript is accepted: GPA %(given)s, accepted from %(needed)s."),
    ("transcript", "not_met"): said("A transcript is accepted from GPA %(needed)s, yours is %(given)s."),
    ("transcript", "untold"): said("A transcript is accepted from GPA %(needed)s."),
    ("selection", "met"): said(
        "You meet the selection criterion: GPA %(given)s, at least %(needed)s is needed."
    ),
    ("selection", "below"): said(
        "Below the selection criterion: GPA %(given)s, at least %(needed)s is needed. "
        "Your application is received and marked so."
    ),
    ("selection", "untold"): said("Selection needs a GPA of at least %(needed)s."),
    ("language", "met"): said("Your language proof is enough: %(given)s, needed is %(needed)s."),
    ("language", "not_met"): said("Your language proof is not enough: %(given)s, needed is %(needed)s."),
    ("language", "unknown"): said("The host asks %(needed)s; whether %(given)s is enough, ask the ICD."),
    ("language", "untold"): said(
        "Needed is %(needed)s; a proof of language with its score or level is not given yet."
    ),
    ("level", "met"): said("The programme is open to your level (%(given)s)."),
    ("level", "not_met"): said("The programme is for %(needed)s, your level is %(given)s."),
    ("level", "unknown"): said("For which levels the programme is open, no source says: ask the ICD."),
    ("level", "untold"): said("The programme is for %(needed)s; your level is not given yet."),
    ("year", "met"): said("Students of your year of study are admitted (%(given)s)."),
    ("year", "not_met"): said("Students of year %(needed)s of study are admitted, yours is %(given)s."),
    ("year", "untold"): said("Students of year %(needed)s of study are admitted; yours is not given yet."),
}


_WORDS = (
    said("not given"),
    said("level not given"),
    said("level %(level)s"),
    said("a level that no source names"),
    said("%(one)s or %(other)s"),
    said("%(test)s, not a statement"),
    said("TOEFL %(score)s of 6 (%(low)s to %(high)s of 120)"),
    said("the statement (%(level)s)"),
    said("%(proof)s (%(level)s)"),
    said("the institution's statement"),
)
"""The words inside the sentences."""


def findings(catalogue: Catalogue, offer: Offer, profile: Profile) -> tuple[Finding, ...]:
    """The result of every rule of an offer for an applicant, the most important first."""
    common = catalogue.requirements
    return (
        *_gpa(common, offer, profile),
        _language(common, offer, profile),
        _level(offer, profile),
        *_year(common, profile),
    )


def overall_answer(found: Sequence[Finding]) -> Answer | None:
    """All findings as one answer, which says no more than they do; None where the applicant told nothing yet.

    One rule that is missed by much, or a transcript that is not taken: no. Language missed by little, or
    received below the criterion: almost. One on which only the office can say more: unknown. All rules met:
    yes; those that the applicant told something of, while others are open: so far.
    """
    told = [finding for finding in found if finding.told]
    if not told:
        return None
    if any(finding.verdict == "not_met" and not finding.near for finding in told):
        return "no"
    if any(finding.verdict in ("not_met", "below") for finding in told):
        return "almost"
    if any(finding.verdict == "unknown" and (finding.told or not finding.needed) for finding in found):
        return "unknown"
    return "yes" if all(finding.verdict == "met" for finding in found) else "so-far"


def host_requirements(offer: Offer) -> dict[str, Any]:
    """What the host asks of GPA, language and level, the higher of partner and programme; the unknown is left
    out. `statement`: whether a source says that ours is taken, or not."""
    found = {name: offer.required(name) for name in ("min_gpa", "ielts", "toefl", "cefr")}
    said_of_statement = [asked.statement for asked in _asked(offer) if asked.statement is not None]
    found["statement"] = all(said_of_statement) if said_of_statement else None
    found["levels"] = list(offer.own("levels")) or None
    return {name: value for name, value in found.items() if value is not None}


def sentences(to: Language) -> dict[str, str]:
    """The translated sentences of all findings with their placeholders, for the same rules in JavaScript.
    Keys: `rule.verdict`, or the English word."""
    table = {f"{rule}.{verdict}": said for (rule, verdict), said in _SENTENCES.items()}
    table |= {words.text: words for words in (*_WORDS, *LEVELS.values())}
    return {key: translations(to).gettext(said.text) for key, said in table.items()}


def profile(answers: Mapping[str, Any]) -> Profile:
    """The profile in an application's answers; a number that cannot be on its scale is left out."""
    proof = test = answers.get("language-proof")
    if test == "toefl" and answers.get("toefl-scale") == "new":
        proof = "toefl-6"
    level = answers.get("statement-level")
    return Profile(
        gpa=_number(answers.get("gpa"), "gpa"),
        level=answers.get("level") or None,
        citizenship=answers.get("citizenship") or None,
        proof=proof or None,
        score=_number(answers.get(f"{test}-score"), proof) if proof in SCORED else None,
        cefr=level.upper() if proof == "statement" and level else None,
        year=int(year) if (year := str(answers.get("year"))).isdecimal() else None,
    )


def _number(typed: Any, scale: str) -> float | None:
    return None if SCALES[scale].fault(str(typed)) else float(typed)


def _asked(offer: Offer) -> Iterator[Any]:
    yield offer.partner.requirements
    yield offer.programme.requirements


def _gpa(common: Defaults, offer: Offer, given: Profile) -> Iterator[Finding]:
    rule = gpa_rule(common, offer)
    transcript: Verdict = "unknown"
    selection: Verdict = "unknown"
    has: str | Said = said("not given")
    if given.gpa is not None:
        transcript = "met" if rule.accepts(given.gpa) else "not_met"
        selection = "met" if rule.selects(given.gpa) else "below"
        has = format_gpa(given.gpa)
    told = given.gpa is not None
    yield Finding("transcript", transcript, format_gpa(rule.transcript), has, rule.transcript_by, told=told)
    if transcript != "not_met":
        yield Finding("selection", selection, format_gpa(rule.selection), has, rule.selection_by, told=told)


def _language(common: Defaults, offer: Offer, given: Profile) -> Finding:
    """IELTS and TOEFL are held against the host's score, else the common one; the statement against the
    host's CEFR level. Between tests and levels no source of ours converts, so that stays unknown; so does a
    TOEFL of 1 to 6 whose range on the old scale lies on both sides of what is asked."""
    if given.proof not in (*PROOFS, *(proof.id for proof in common.further_proofs)):
        return Finding("language", "unknown", language_needed(common, offer), said("not given"), told=False)
    if given.proof not in SCORED:
        return _without_a_score(common, offer, given)
    test: Literal["ielts", "toefl"] = "ielts" if given.proof == "ielts" else "toefl"
    name = test.upper()
    host = offer.required(test)
    usual = getattr(common, test)
    needed = max(usual, host or 0)
    asks = f"{name} {_score(needed)}"
    if given.score is None:
        return Finding("language", "unknown", asks, said("not given"), told=False)
    low, high, has = _on_the_scale_asked(given.proof, given.score)
    if high < needed:
        near = _little(needed - high, test)
        return Finding("language", "not_met", asks, has, "host" if host else "institution", near)
    if low < needed:
        return Finding("language", "unknown", asks, has, "host" if host else "institution")
    if host is None and _asks_language(offer):
        return Finding("language", "unknown", language_needed(common, offer), has, "host")
    return Finding("language", "met", asks, has, "host" if host else "institution")


def _on_the_scale_asked(proof: str, score: float) -> tuple[float, float, str | Said]:
    """The lowest and highest that a score stands for on the scale that hosts name, and the score in words.
    Lowest and highest differ for a TOEFL of 1 to 6 alone."""
    if proof != "toefl-6":
        return score, score, f"{proof.upper()} {_score(score)}"
    low, high = toefl.range_of(score)
    words = said("TOEFL %(score)s of 6 (%(low)s to %(high)s of 120)", score=_score(score), low=low, high=high)
    return low, high, words


def _without_a_score(common: Defaults, offer: Offer, given: Profile) -> Finding:
    """The institution's statement, or a further proof that it takes: both stand for a level. Of a further
    proof that names none, of the statement at a host that names none, and at one that takes no statement,
    only the office can say more."""
    further = next((proof for proof in common.further_proofs if proof.id == given.proof), None)
    if further:
        level: str | None = further.cefr
        name: Translatable = further.name
        has = said("%(proof)s (%(level)s)", proof=name, level=level) if level else name
    else:
        level, name = given.cefr, said("the institution's statement")
        has = said("the statement (%(level)s)", level=level or said("level not given"))
    taken = [asked.statement for asked in _asked(offer) if asked.statement is not None]
    if False in taken or not (further or common.statement or True in taken):
        if further:
            return Finding("language", "unknown", language_needed(common, offer), has, "host")
        test = said("%(test)s, not a statement", test=language_needed(common, offer))
        return Finding("language", "not_met", test, has, "host")
    wanted = max((a.cefr for a in _asked(offer) if a.cefr), default=None)
    if wanted and level:
        lacking = CEFR.index(wanted) - (CEFR.index(level) if level in CEFR else -1)
        verdict: Verdict = "not_met" if lacking > 0 else "met"
        return Finding("language", verdict, wanted, has, "host", _little(lacking, "cefr"))
    if (further and not _asks_language(offer)) or (level and True in taken):
        return Finding("language", "met", name, has)
    silent = said("a level that no source names")
    asks = wanted or (language_needed(common, offer) if _asks_language(offer) else silent)
    return Finding("language", "unknown", asks, has, "host", told=bool(further or level))


def _little(lacking: float, scale: str) -> bool:
    """Whether so much is missing, and no more than `NEAR`."""
    return 0 < lacking <= NEAR[scale] + 1e-9  # 6.6 - 6.1 is a little over 0.5


def _asks_language(offer: Offer) -> bool:
    return any(offer.required(name) is not None for name in ("ielts", "toefl", "cefr"))


def language_needed(common: Defaults, offer: Offer) -> str | Translatable:
    """What the host asks in language, in words; where it is silent, the common scores."""
    asked: list[str | Said] = []
    if (cefr := offer.required("cefr")) is not None:
        asked.append(said("level %(level)s", level=cefr))
    for name in ("ielts", "toefl"):
        if (score := offer.required(name)) is not None:
            asked.append(f"{name.upper()} {_score(score)}")
    return any_of(asked or [f"IELTS {_score(common.ielts)}", f"TOEFL {common.toefl}"])


def any_of(things: Sequence[str | Translatable]) -> str | Translatable:
    """Joins alternatives with "or"."""
    found, *others = things
    for other in others:
        found = said("%(one)s or %(other)s", one=found, other=other)
    return found


def _score(value: float) -> str:
    """As the tests write it: IELTS 6.0, TOEFL 80."""
    return format_number(value, 1 if value < 10 else 0)


def _level(offer: Offer, given: Profile) -> Finding:
    levels = offer.own("levels")
    needed = any_of([label(level) for level in levels]) if levels else ""
    has = label(given.level) if given.level else said("not given")
    if not levels or given.level is None:
        return Finding("level", "unknown", needed, has, "host", told=given.level is not None)
    return Finding("level", "met" if given.level in levels else "not_met", needed, has, "host")


def _year(common: Defaults, given: Profile) -> Iterator[Finding]:
    """Told where the office has set years for the applicant's level."""
    admitted = common.years_of_study.get(given.level) if given.level else None  # type: ignore[call-overload]
    if admitted is None:
        return
    verdict: Verdict = "unknown" if given.year is None else "met" if given.year in admitted else "not_met"
    needed = any_of([str(year) for year in admitted])
    yield Finding("year", verdict, needed, str(given.year), told=given.year is not None)
