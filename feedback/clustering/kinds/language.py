"""Whether a text is English enough to be judged by rules that are English. Where it is not, nobody guesses.

Letters of other alphabets decide at once. Among Latin ones, the small words decide that every language has and no
other writes so; a text without any (a name, "lol", "crashes constantly") is taken for English only if it is short.
"""

from __future__ import annotations

import unicodedata

from feedback.clustering.cleaning import clean, words

LATIN_SHARE = 0.7
"""Of all letters."""
MANY_WORDS = 5
"""So many words without a single small one of English are another language, or none."""


def _set(words_of_a_language: str) -> frozenset[str]:
    return frozenset(words_of_a_language.split())


ENGLISH = _set(
    """
    a about after again all also am an and any anyone are around as at back be because been before being but by can
    could did do does doing done down each else even ever every few for from get gets getting go going good got had
    has have having he hello help her here hi his how i if im in into is it its ive just keep know last less let like
    little lol long look lot love made make many may me might more most much must my need never new next nice no not
    now of off ok on once one only open or other our out over own please pls really right said same say see she should
    since so some something soon still such sure take than thank thanks that the their them then there these they
    thing things think this those though through time to too try two u until up update us use used very want was way
    we well were what when where which while who why will wish with without work works would yes yet you your great
    best better bad broken app problem issue same here agree feature add option bug order when's awesome amazing thx
    yeah yep nope hey wow cool crash crashes crashed slow stuck fix fixed dont doesnt cant wont isnt didnt
    """
)
OTHERS = _set(
    """
    der die das und ist nicht ich ein eine einen mit auf für auch wir ihr sie von dem den des zu zum zur bei nach aber
    oder
    wenn mein meine kann kein keine wird sind haben habe hat noch sehr schon nur wie wäre bitte mir mich uns immer
    seit es
    le la les des une est et pas je vous nous il elle dans pour avec sur que qui ce cette mais très plus aussi mon ma
    mes
    ne se sont être avoir fait peut serait depuis au aux du de comme quand tout bien merci bonjour chez votre cela
    c'est
    el los las es un por para con que como pero más muy mi su no se al del lo esta este está cuando también hay porque
    tiene gracias hola sería cada desde puede hace todo nos yo sin ya
    il gli di che non sono per una con del della anche come più mi ho ha questo questa quando ma molto sarebbe grazie
    ciao
    ogni dal nel è alla sempre può se ci vorrei
    o os as um uma não com para por mais mas muito você eu meu minha isso está quando também seria obrigado olá cada
    ao
    na no da do em já foi tem ser
    de het een en is niet ik dat van met op voor maar zijn ook als er naar wel geen mijn heb kan wordt deze zou graag
    altijd hoe jullie wij dit bij nog
    i w na nie się z do to jest że jak o po ale za czy przez dla tak jeszcze już mnie można byłoby proszę bardzo kiedy
    och att det en är på inte jag som för med har den till av ett vi kan men om var mycket skulle vara när från alltid
    og det er ikke jeg på som for med har den til av et kan men om meget ville være når fra altid hvis
    ja on ei se että ole mutta kun niin myös minun voi olisi kiitos aina jos kanssa tämä
    bir ve bu için çok ama da de ne daha gibi var yok ben her zaman olsa mi mı lütfen değil sonra güzel
    a je se na že to v s z do ale jako by jsem není pro když tak prosím velmi bylo aby
    yang dan di ini itu tidak untuk dengan saya ada dari ke bisa akan tapi juga sudah sangat tolong kalau
    și nu este un o cu pe la de în că mai foarte dar pentru când ar fi
    az egy és nem hogy ez van de meg már csak nagyon lenne ha mert kérem
    """
)
FOREIGN = OTHERS - ENGLISH
"""What English writes too (die, man, so, am, is, in) says nothing."""


def is_english(text: str) -> bool:
    """True also where there are hardly any words to tell it by. False where there are none at all."""
    cleaned = clean(text)
    letters = [letter for letter in cleaned if letter.isalpha()]
    if not letters or sum(map(_is_latin, letters)) < LATIN_SHARE * len(letters):
        return False
    said = words(cleaned)
    english = sum(word in ENGLISH or word.partition("'")[0] in ENGLISH for word in said)
    foreign = sum(word in FOREIGN for word in said) + sum(not word.isascii() for word in said)
    if foreign > english:
        return False
    return english > 0 or len(said) < MANY_WORDS


def _is_latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith("LATIN")
