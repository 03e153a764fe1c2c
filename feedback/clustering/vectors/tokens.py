"""Word pieces: the one vocabulary of both kinds of vectors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tokenizers import Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import WordPiece

DATA = Path(__file__).parent / "data"
VOCABULARY = DATA / "vocabulary.txt"
BEGIN, END, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"


@cache
def vocabulary() -> dict[str, int]:
    """The number of each piece: its line in the file."""
    pieces = VOCABULARY.read_text(encoding="utf-8").split("\n")
    return {piece: number for number, piece in enumerate(pieces) if piece}


@cache
def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(WordPiece(vocabulary(), unk_token=UNKNOWN, max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def pieces_of(texts: Sequence[str], *, most: int) -> list[list[int]]:
    """The numbers of each text's first `most` pieces, without marks of beginning and end, and without those that the
    vocabulary does not have. None of a text that is mostly unknown: in another script all would look the same."""
    unknown = vocabulary()[UNKNOWN]
    found = []
    for encoding in _tokenizer().encode_batch_fast(list(texts)):
        known = [piece for piece in encoding.ids if piece != unknown]
        found.append(known[:most] if 2 * len(known) > len(encoding.ids) else [])
    return found
