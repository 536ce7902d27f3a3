"""What a provider's failure code means in our catalogue (danh mục lỗi).

What does not live here: the sentences people are told (`locales/`).
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from core.terms import Failure, Programme, Provider
from core.vietnamese import fold

# Every programme has this entry: a person looks at it within two working days.
UNCLEAR: Final = "KHONG_RO"


def failure(programme: Programme, code: str) -> Failure | None:
    """The entry of the catalogue with this code."""
    return _catalogue(programme).get(code)


def failure_for(programme: Programme, provider: Provider, text: str) -> Failure:
    """What a provider's own code or words mean; our own codes mean themselves.

    Accents, case and blanks do not matter. What is not in the data is `UNCLEAR`, never a guess.
    """
    catalogue, key = _catalogue(programme), code_key(text)
    code = _meanings(programme).get((provider, key), key.upper().replace(" ", "_"))
    return catalogue.get(code, catalogue[UNCLEAR])


def code_key(text: str) -> str:
    """The form in which provider codes are compared."""
    return " ".join(fold(text).split())


@lru_cache(maxsize=8)
def _catalogue(programme: Programme) -> Mapping[str, Failure]:
    return {entry.code: entry for entry in programme.failures}


@lru_cache(maxsize=8)
def _meanings(programme: Programme) -> Mapping[tuple[Provider, str], str]:
    return {(c.provider, code_key(c.text)): c.failure for c in programme.provider_codes}
