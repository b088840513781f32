"""Texts for people, in Dutch and English, beside the code that says them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages."""

    nl: str
    en: str

    def in_(self, language: str) -> str:
        """The sentence in `nl` or `en`; anything else gives Dutch, the default."""
        return self.en if language == "en" else self.nl
