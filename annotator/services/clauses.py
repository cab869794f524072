"""Subjects and objects of English clauses by rule: who stands before a predicate, and what it is about.

Pure string work on one sentence. There is no tagger: what may be a noun is told by what it is not, and where
a predicate begins is given by the person who selected it.
"""

import re
from collections.abc import Sequence

from annotator.domain.frozen import frozen
from annotator.domain.text import Span
from annotator.services.phrases import DETERMINERS, SPEAKING

_WORD = re.compile(r"[^\W_]+(?:[’'\-.,&](?=[^\W_])[^\W_]+)*(?:\.(?=\s*[a-z]))?(?:[’'](?=\s))?|[$€£%]")
_PREPOSITIONS_WORDS = """
about above across after against along amid among around at before behind beside between beyond by despite
during for from in inside into like near of off on onto outside over since through throughout to toward
towards under until upon via with within without
"""
_PREPOSITIONS = frozenset(_PREPOSITIONS_WORDS.split())
_BREAKS_WORDS = """
that which who whom whose what when where while whether why how because if although though unless so than
but or nor as then yet once however meanwhile there not n't
"""
_BREAKS = frozenset(_BREAKS_WORDS.split())
_AUXILIARIES_WORDS = """
is are was were be been being has have had having do does did will would shall should can could may might
must cannot ’s ’re ’ve
"""
_AUXILIARIES = frozenset(_AUXILIARIES_WORDS.split())
_ADVERBS_WORDS = """
also again already always earlier even ever far first formally further just later long never no not now
often once only since so soon still then today together too twice yet
"""
_ADVERBS = frozenset(_ADVERBS_WORDS.split())
_PRONOUNS_WORDS = """
he she they it we i you who him her them us me that which
"""
_PRONOUNS = frozenset(_PRONOUNS_WORDS.split())
_TIMES_WORDS = """
monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow january february march
april may june july august september october november december
"""
_TIMES = frozenset(_TIMES_WORDS.split())
# Verbs without an ending that tells them, where a phrase before them ends.
_VERBS_WORDS = """
say says tell ask want wants call calls accuse accuses told said saw made took gave came went left kept held
led met fought won lost sent put set cut hit began broke brought spoke stood wrote found
"""
_VERBS = frozenset(_VERBS_WORDS.split())
_ASIDE = re.compile(r"[,(–—][^,()–—;]{1,120}[,)–—]\s*\Z")
_RELATIVE = frozenset({"who", "that", "which"})
_BY = re.compile(r"\bby\s+", re.IGNORECASE)
_ACTS = (
    "ready|willing|prepared|determined|eager|able|unable|unwilling|reluctant|opposed|against|committed|concerned"
    "|worried|confident|optimistic|hopeful|skeptical|critical|considering|satisfied|pleased"
    r"|in favou?r|keen|afraid|angry|grateful|proud|sorry|at odds|responsible|\w+ing\b|\w+ed\b"
)
_JUDGEMENT = re.compile(
    rf"(?:(?:is|are|was|were|’s|'s)(?:n[’']t|\s+(?:not|never|also|now|still|too|so|very|\w+ly))*+\s+(?!{_ACTS})"
    r"|(?:must|should|ought|needs?|deserves?|has been a|have been a)\b"
    rf"|(?:would|will|could|can) be\s+[“\"]?+(?!{_ACTS}))",
    re.IGNORECASE,
)
_FEELINGS = (
    "interested|engaged|involved|opposed|committed|concerned|worried|determined|prepared|pleased|satisfied"
    "|disappointed|horrified|shocked|delighted|convinced|designed|aimed|scheduled|expected|supposed|alarmed|outraged"
)
_IRREGULAR = (
    "held|hit|shot|hurt|seen|taken|given|made|sent|driven|forced|cut|set|put|broken|beaten|won|lost|struck"
)
_PASSIVE = re.compile(
    r"(?:(?:is|are|was|were|be|been|being|has been|have been|had been|will be|would be|should be|to be)\s+"
    rf"(?:also\s+|not\s+|\w+ly\s+)?(?!(?:{_FEELINGS})\b)(?:\w+ed|{_IRREGULAR})\b|\w+ed\b(?=.*\bby\b))",
    re.IGNORECASE | re.DOTALL,
)
_QUOTES = "“”\"‘’«»'"


@frozen
class _Token:
    start: int
    end: int
    word: str  # without its case


def subject_before(text: str, sentence: Span, at: int, names: Sequence[Span]) -> Span | None:
    """The noun phrase or pronoun whose predicate begins at `at`: `critics of the plan` before “rejected”.

    `names` are the entities of the sentence, whole in any phrase. None where no phrase stands there.
    """
    end = _skip_back(text, sentence.start, at)
    tokens = _tokens(text, sentence.start, end, names)
    taken = _phrase_back(text, tokens, len(tokens) - 1)
    if taken is None:
        return None
    first = taken
    # "France and Germany", "the president and the ruling party": both, if they begin their clause.
    while first >= 2 and tokens[first - 1].word in ("and", "&") and _joined(text, tokens, first - 1):
        before = _phrase_back(text, tokens, first - 2)
        if before is None or not _begins_clause(text, sentence.start, tokens, before):
            break
        first = before
    return Span(tokens[first].start, tokens[-1].end)


def main_subject(text: str, sentence: Span, before: int, names: Sequence[Span]) -> Span | None:
    """The subject of the first clause of a sentence that has its verb before a place; None without one.

    `Oslo` before “{asked for time}” in “Oslo welcomed the deal but asked for time”.
    """
    tokens = _tokens(text, sentence.start, before, names)
    for at in range(1, len(tokens)):
        if _is_verb(tokens, at):
            found = subject_before(text, sentence, tokens[at].start, names)
            if found is not None and found.of(text).casefold() not in _RELATIVE:
                return found
    return None


def agent_in(text: str, evidence: Span, names: Sequence[Span]) -> Span | None:
    """Who does it in a passive: `the council` in “was rejected by the council on Monday”."""
    for match in _BY.finditer(text, evidence.start, evidence.end):
        found = phrase_at(text, Span(match.end(), evidence.end), names)
        if found is not None:
            return found
    return None


def phrase_at(text: str, within: Span, names: Sequence[Span]) -> Span | None:
    """The noun phrase that begins a stretch, with what hangs on it by “of”."""
    tokens = _tokens(text, within.start, within.end, names)
    end = 0
    while end < len(tokens) and (end == 0 or _joined(text, tokens, end - 1)):
        word = tokens[end].word
        if end and word in DETERMINERS and tokens[end - 1].word not in ("of", "all", "both", "half"):
            break
        of = word == "of" and end > 0
        if not of and not _is_nominal(word, last=end == 0):
            break
        if end and not of and word == word.casefold() and word.endswith(("ed", "ing")) and len(word) > 5:
            break
        end += 1
        if word in _PRONOUNS:
            break
    while end and (tokens[end - 1].word == "of" or tokens[end - 1].word in _TIMES | DETERMINERS):
        end -= 1
    if not end:
        return None
    return Span(tokens[0].start, tokens[end - 1].end)


def is_judgement(text: str, evidence: Span) -> bool:
    """Whether evidence says what its subject is or should do: then it is the speaker who holds it."""
    return _JUDGEMENT.match(text, evidence.start, evidence.end) is not None


def is_passive(text: str, evidence: Span) -> bool:
    """Whether evidence is something done to its subject: “was rejected”, “accused of fraud by the court”."""
    return _PASSIVE.match(text, evidence.start, evidence.end) is not None


def _is_verb(tokens: Sequence[_Token], at: int) -> bool:
    """Whether a word is likely to be the verb of a clause, by its form and by the word before it."""
    word, before = tokens[at].word, tokens[at - 1].word
    if word in _AUXILIARIES or word in _VERBS or SPEAKING.fullmatch(word):
        return before not in DETERMINERS and before not in _PREPOSITIONS
    if word != word.casefold() or before in DETERMINERS or before in _PREPOSITIONS or before == "of":
        return False
    after_name = before != before.casefold()
    return (word.endswith("ed") and len(word) > 4) or (
        after_name and word.endswith("s") and not word.endswith("ss")
    )


def _tokens(text: str, start: int, end: int, names: Sequence[Span]) -> list[_Token]:
    """The words of a stretch; a name is one word."""
    found: list[_Token] = []
    inside = [name for name in names if start <= name.start and name.end <= end]
    for match in _WORD.finditer(text, start, end):
        name = next((each for each in inside if each.start <= match.start() < each.end), None)
        if name is None:
            found.append(_Token(match.start(), match.end(), match[0].casefold().rstrip(".’'")))
        elif not found or found[-1].start != name.start:
            found.append(_Token(name.start, name.end, text[name.start : name.end]))
    return found


def _skip_back(text: str, start: int, at: int) -> int:
    """Before adverbs, auxiliaries, times and asides that stand before a predicate."""
    while True:
        head = text[start:at].rstrip(" \t\n" + _QUOTES)
        end = start + len(head)
        aside = _ASIDE.search(text, start, end)
        last = re.search(r"[\w’'\-]+\Z", head)
        if aside is not None and end == aside.end() and aside.start() > start:
            at = aside.start()
        elif head.endswith(","):
            at = end - 1
        elif last is not None and _passes(last[0].casefold()) and last.start() > 0:
            at = start + last.start()
        else:
            return end


def _passes(word: str) -> bool:
    return (
        word in _ADVERBS or word in _AUXILIARIES or word in _TIMES or (word.endswith("ly") and len(word) > 4)
    )


def _phrase_back(text: str, tokens: Sequence[_Token], at: int) -> int | None:
    """The index of the first word of the phrase that ends with the word `at`; None if none ends there."""
    if at < 0 or not _is_nominal(tokens[at].word, last=True):
        return None
    if tokens[at].word in _PRONOUNS:
        return at
    first = at
    while first > 0:
        before = tokens[first - 1]
        if not _joined(text, tokens, first - 1):
            break
        if tokens[first].word in DETERMINERS and before.word not in ("of", "all", "both", "half"):
            break
        if before.word == "of" or (before.word in ("in", "from") and tokens[first].word not in DETERMINERS):
            head = _phrase_back(text, tokens, first - 2)
            if head is None or not _joined(text, tokens, first - 2):
                break
            return head
        if not _is_nominal(before.word, last=False):
            break
        first -= 1
    return first if first < at or tokens[at].word not in DETERMINERS else None


def _joined(text: str, tokens: Sequence[_Token], at: int) -> bool:
    """Whether nothing but space stands between a word and the next."""
    return at + 1 < len(tokens) and not text[tokens[at].end : tokens[at + 1].start].strip(" \t\n.")


def _is_nominal(word: str, *, last: bool) -> bool:
    lower = word.casefold()
    if word != lower:  # a name
        return True
    if lower in _PRONOUNS:
        return last
    if lower in _PREPOSITIONS or lower in _BREAKS or lower in _AUXILIARIES or lower in ("and", "&"):
        return False
    return not (SPEAKING.fullmatch(lower) or lower in _VERBS or lower in _ADVERBS - {"no", "first", "only"})


def _begins_clause(text: str, start: int, tokens: Sequence[_Token], at: int) -> bool:
    if at == 0 or not _joined(text, tokens, at - 1):
        return True
    before = tokens[at - 1].word
    return bool(before in _BREAKS or SPEAKING.fullmatch(before) or before in _TIMES)
