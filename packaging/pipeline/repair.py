"""Labels of the data sets turned into those of the guideline, with the gazetteer and rules for dates."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from corpora import Sentence, Span, Text, detokenised, longest

from annotator.suggest.gazetteer import Gazetteer

WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.|Feb\.|Aug\.|Sept\.|Oct\.|Nov\.|Dec\.)"
)
SURE_MONTH = MONTH.replace("March|", "").replace("May|", "")
YEAR = r"(?:1[6-9]|20)\d\d"
UNIT = r"(?:week|weekend|month|year|decade|century|spring|summer|autumn|fall|winter|season|quarter)"
UNITS = r"(?:days|weeks|months|years|decades)"
COUNT = (
    r"(?:\d+|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en|[Ss]everal|few)"
)
PART = r"(?:[Ee]arly|[Ll]ate|[Mm]id|[Ee]arlier|[Ll]ater)"
HOLIDAY = (
    r"(?:Christmas(?: (?:Day|Eve))?|Easter(?: Sunday)?|Ramadan|Eid al-Fitr|New Year's (?:Day|Eve)"
    r"|Thanksgiving|Good Friday|Independence Day"
    r"|Passover|Yom Kippur|Hanukkah|Ashura|May Day|Memorial Day|Labor Day)"
)

# Each reads one calendar expression as the guideline bounds it; where two overlap the longest stays.
DATES = re.compile(
    "|".join(
        (
            rf"\b(?:{WEEKDAY},? )?(?:{PART}[ -])?{MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? {YEAR})?\b(?!:)",
            rf"\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{MONTH}(?:,? {YEAR})?\b",
            rf"\b(?:{PART}[ -])?{MONTH},? (?:of )?(?:{YEAR}|(?:last|this|next) year)\b",
            rf"\b(?:{PART}[ -]|last |next |this )?{SURE_MONTH}(?:\b|(?<=\.))",
            rf"(?<=[a-z] )(?:{PART}[ -]|last |next |this )?(?:March|May)\b(?! [A-Z])",
            rf"\b(?:[Ll]ast |[Nn]ext |this )?{WEEKDAY}\b",
            rf"(?<![\d$,.-])\b(?:{PART}[ -])?{YEAR}s?\b(?!,\d|\.\d|-[a-z]| [a-z]+s\b)",
            rf"\b(?:{PART} )?(?:[Ll]ast|[Tt]his|[Nn]ext|[Pp]ast) {UNIT}\b",
            rf"\b(?:[Ll]ast|[Nn]ext|[Pp]ast) {COUNT} {UNITS}\b",
            rf"\b(?:[Rr]ecent|[Cc]oming|[Pp]ast) {UNITS}\b",
            rf"\b(?:{COUNT}|several|a) (?:day|week|month|year|decade)s? (?:ago|earlier|later)\b",
            r"\b\d{1,2}(?:st|nd|rd|th) century\b",
            r"\b(?:[Tt]oday|[Yy]esterday|[Tt]omorrow)\b",
            rf"\b{HOLIDAY}\b",
        )
    )
)

STORM = re.compile(r"\b(?:Hurricane|Typhoon|Cyclone|Tropical Storm) [A-Z][a-z]+")
EVENT_WORDS = re.compile(
    r"\b(?:War|Battle|Cup|Olympics?|Games|Championships?|Revolution|Festival|Treaty|Conference|Summit|Siege"
    r"|Operation|Uprising|Massacre|Holocaust|Hurricane|Typhoon|Storm|Open|Katrina|Rita|Wilma)\b"
)


def written(text: str) -> list[Span]:
    """Every calendar expression and named storm of the text, in code points."""
    found = [Span(match.start(), match.end(), "DATE") for match in DATES.finditer(text)]
    return found + [Span(match.start(), match.end(), "EVENT") for match in STORM.finditer(text)]


# A surface form keeps the label that it has in this share of its mentions, if it has as many as these.
SHARE, MENTIONS = 0.6, 4


def outvoted(texts: list[Text]) -> list[Text]:
    """The texts with stray labels of names corrected to what the same name mostly is in all of them."""
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for start, end, label in text.spans:
            votes[text.text[start:end]][label] += 1
    settled = {}
    for name, counts in votes.items():
        label, count = counts.most_common(1)[0]
        if counts.total() >= MENTIONS and count >= SHARE * counts.total():
            settled[name] = label
    return [
        Text(
            text.text,
            [
                span._replace(label=settled.get(text.text[span.start : span.end], span.label))
                for span in text.spans
            ],
        )
        for text in texts
    ]


Relabel = Callable[[str, str, Gazetteer], str | None]


def gmb_label(name: str, label: str, gazetteer: Gazetteer) -> str | None:
    """The guideline's label for a GMB name; dates come from rules, GMB's stop short or count durations."""
    known = gazetteer.kinds.get(name)
    if label == "per":
        return known if known in ("NORP", "GPE") else "PERSON"
    if label in ("geo", "gpe"):
        if known in ("ORG", "GPE", "LOC", "NORP"):
            return known
        return "NORP" if label == "gpe" else gazetteer.place_kind(name)
    if label == "org":
        if known in ("NORP", "GPE", "LOC"):
            return known
        return (
            "FAC" if name.rsplit(maxsplit=1)[-1] in gazetteer.building_words - {"Embassy", "Base"} else "ORG"
        )
    if label in ("eve", "nat"):
        return "EVENT" if EVENT_WORDS.search(name) else None
    return None


def wiki_label(name: str, label: str, gazetteer: Gazetteer) -> str | None:
    """The guideline's label for the PER, ORG, LOC and MISC of wikigold and Re-DocRED."""
    if gazetteer.kinds.get(name) == "NORP":
        return "NORP"
    if label == "LOC":
        return gazetteer.place_kind(name)
    if label == "MISC":
        return "EVENT" if EVENT_WORDS.search(name) else None
    return {"PER": "PERSON", "ORG": "ORG", "TIME": "DATE"}.get(label)


def politics_label(name: str, label: str, gazetteer: Gazetteer) -> str | None:
    """The guideline's label for a CrossNER politics name."""
    if gazetteer.kinds.get(name) == "NORP":
        return "NORP"
    if label == "location":
        return gazetteer.place_kind(name)
    return {
        "politician": "PERSON",
        "person": "PERSON",
        "politicalparty": "ORG",
        "organisation": "ORG",
        "country": "GPE",
        "event": "EVENT",
        "election": "EVENT",
    }.get(label)


def joined_persons(spans: list[Span]) -> list[Span]:
    """The spans with neighbouring persons made one: GMB parts `Prime` from `Minister Ariel Sharon`."""
    joined: list[Span] = []
    for span in spans:
        if joined and span.label == "per" == joined[-1].label and joined[-1].end == span.start:
            joined[-1] = joined[-1]._replace(end=span.end)
        else:
            joined.append(span)
    return joined


def name_pattern(gazetteer: Gazetteer) -> re.Pattern[str]:
    """A pattern that finds the gazetteer's names as whole words, the longest first."""
    names = sorted(gazetteer.kinds, key=len, reverse=True)
    return re.compile(rf"(?<![\w'’-])(?:{'|'.join(map(re.escape, names))})(?![\w])")


RANKS = frozenset({"General", "Gen.", "King", "Queen", "President", "Pope", "Prophet", "Mr.", "Mrs.", "Ms."})
AFTER_GENERAL = frozenset(
    {"Assembly", "Electric", "Motors", "Council", "Secretariat", "Services", "Accounting"}
)
# Common nouns that GMB labels when they are capitalised.
GENERIC = frozenset(
    {"Council", "Court", "Ministry", "Embassy", "State", "Government", "Party", "Church", "Bank", "Union"}
    | {"Alliance", "Defense", "Cabinet", "Department", "Committee", "Commission", "Agency", "Team"}
)

DETERMINERS = ("the", "The")
EDGES = frozenset({*"\"'-,.;:?!()", "'s", "--", "of"})
DIRECTIONS = frozenset(
    {"northern", "southern", "eastern", "western", "central", "northwest", "northeast"}
    | {"north", "south", "east", "west"}
)


@dataclass(frozen=True, slots=True)
class Repair:
    """Turns sentences of any data set into texts labelled by the guideline."""

    gazetteer: Gazetteer
    names: re.Pattern[str]

    @classmethod
    def by(cls, gazetteer: Gazetteer) -> "Repair":
        return cls(gazetteer, name_pattern(gazetteer))

    def __call__(self, sentence: Sentence, relabel: Relabel) -> Text:
        """The sentence as running text; dates and certain names its data set leaves out are added."""
        spans = [
            new
            for span in joined_persons(sentence.spans)
            if (new := self.mended(sentence.words, span, relabel))
        ]
        text = detokenised(Sentence(sentence.words, spans))
        return Text(text.text, longest([*text.spans, *written(text.text), *self.facts(text)]))

    def mended(self, words: list[str], span: Span, relabel: Relabel) -> Span | None:
        """The span by the guideline: relabelled, without determiner, title, direction or stray mark."""
        start, end, label = span
        while start < end and (
            words[start] in EDGES or words[start] in DIRECTIONS or words[start] in DETERMINERS
        ):
            start += 1
        while start < end and words[end - 1] in EDGES and words[end - 1] != ".":
            end -= 1
        if start == end:
            return None
        new = relabel(" ".join(words[start:end]), label, self.gazetteer)
        if new == "PERSON":
            start += self.gazetteer.without_titles(words[start:end])
            new = self.gazetteer.certain(" ".join(words[start:end])) or new
        elif new == "ORG":
            return self.organisation(words, start, end)
        if new == "PERSON" and words[start] in self.gazetteer.titles:
            return None
        return Span(start, end, new) if new else None

    def organisation(self, words: list[str], start: int, end: int) -> Span | None:
        """What GMB calls an organisation: a person behind a rank, a first word before a title, or none."""
        if end - start > 1 and words[end - 1] in self.gazetteer.titles:
            # "U.N. Secretary-General", "British Ambassador": only the first word is a name here.
            kind = self.gazetteer.kinds.get(words[start])
            return Span(start, start + 1, kind) if kind else None
        if end - start > 1 and words[start] in RANKS and words[start + 1] not in AFTER_GENERAL:
            start += self.gazetteer.without_titles(words[start:end])
            return Span(start, end, "PERSON")
        generic = end - start == 1 and words[start] in GENERIC
        of_state = words[start] == "State" and words[max(0, start - 2) : start] == ["Secretary", "of"]
        return None if generic or of_state else Span(start, end, "ORG")

    def facts(self, text: Text) -> list[Span]:
        """The gazetteer's names in the text; unsure peoples only where no capitalised word follows."""
        found: list[Span] = []
        for match in self.names.finditer(text.text):
            kind = self.gazetteer.certain(match[0])
            if kind is None and self.gazetteer.kinds[match[0]] == "NORP":
                kind = None if re.match(r" [A-Z]|-", text.text[match.end() :]) else "NORP"
            if kind:
                found.append(Span(match.start(), match.end(), kind))
        return found
