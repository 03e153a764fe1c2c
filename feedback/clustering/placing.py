"""A new text finds the theme it belongs to, or shows that it needs a new one."""

from collections.abc import Mapping, Sequence, Set
from statistics import fmean

from feedback.clustering.parameters import DEFAULT, Parameters
from feedback.clustering.vectors import cosines, cut, embed, spoken


def place(text: str, themes: Mapping[int, Sequence[str]], parameters: Parameters = DEFAULT) -> int | None:
    """The theme id whose texts have the highest mean cosine with this one; None if a new theme is to be opened.

    The threshold is the one `cluster` uses on the same texts, the weight of small themes is `parameters.doubt`. Equal
    texts belong together whatever else is in the theme, and a text without words belongs only where the very same
    text is already. Of two themes that fit equally the smaller id is taken.
    """
    said = spoken(text, parameters)
    if not said:
        return min((theme for theme, texts in themes.items() if text.strip() in map(str.strip, texts)), default=None)
    members = {theme: {spoken(each, parameters) for each in texts} - {""} for theme, texts in themes.items()}
    members = {theme: texts for theme, texts in sorted(members.items()) if texts}
    same = [theme for theme, texts in members.items() if said in texts]
    if same or not members:
        return min(same, default=None)
    return _best(said, members, parameters)


def _best(said: str, members: Mapping[int, Set[str]], parameters: Parameters) -> int | None:
    """The theme for what nobody said yet, among themes whose texts have words."""
    distinct = sorted(set().union(*members.values()))
    vectors = embed([*distinct, said], parameters)
    threshold = cut(vectors[:-1], parameters)
    cosine: dict[str, float] = dict(zip(distinct, cosines(vectors[-1:], vectors[:-1])[0].tolist(), strict=True))
    means = {theme: fmean(cosine[each] for each in texts) for theme, texts in members.items()}
    fitting = [theme for theme, mean in means.items() if mean > threshold]

    def weighed(theme: int) -> float:
        size = len(members[theme])
        return means[theme] * size / (size + parameters.doubt)

    return max(fitting, key=weighed, default=None)
