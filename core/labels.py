"""The words for methods, providers, failures and who mends them, for lists, pages and sentences.

What does not live here: the words themselves (`locales/<lang>/programme.po`), and the public label
of a category (`core/rates.py`).
"""

from typing import Final

from core import wording
from core.terms import Method, Owner, Provider

_DOMAIN: Final = "programme"


def method_name(method: Method, lang: str = "vi") -> str:
    """`tài khoản ngân hàng`."""
    return wording.text(f"programme.method.{method}", lang, _DOMAIN)


def provider_name(provider: Provider, lang: str = "vi") -> str:
    """`Bưu điện`."""
    return wording.text(f"programme.provider.{provider}", lang, _DOMAIN)


def owner_name(owner: Owner, lang: str = "vi") -> str:
    """`cán bộ xã`: who mends a failed payment."""
    return wording.text(f"programme.owner.{owner}", lang, _DOMAIN)


def failure_name(code: str, lang: str = "vi") -> str:
    """`tài khoản đã đóng`: an entry of the failure catalogue, or its code if nobody worded it."""
    key = f"programme.failure.{code.lower()}"
    return wording.text(key, lang, _DOMAIN) if wording.has(key, lang, _DOMAIN) else code


def role_name(role: str, lang: str = "vi") -> str:
    """`người giám hộ`: what somebody is to a beneficiary."""
    return wording.text(f"programme.role.{role}", lang, _DOMAIN)


def paper_name(paper: str, lang: str = "vi") -> str:
    """`giấy khai sinh`: a paper that somebody may lack."""
    return wording.text(f"programme.paper.{paper}", lang, _DOMAIN)


def paper_guide(paper: str, lang: str = "vi") -> str:
    """Where a missing paper is to be had, in one sentence."""
    return wording.text(f"programme.paper_guide.{paper}", lang, _DOMAIN)


def forgiven_name(why: str, lang: str = "vi") -> str:
    """`người nhận khó khăn`: why nothing more is asked back, or the word if nobody worded it."""
    key = f"programme.forgiven.{why}"
    return wording.text(key, lang, _DOMAIN) if wording.has(key, lang, _DOMAIN) else why


def freeze_name(why: str, lang: str = "vi") -> str:
    """`hai người cùng nhận đại diện`: why self-service is frozen or lifted, or the word itself."""
    key = f"programme.freeze.{why}"
    return wording.text(key, lang, _DOMAIN) if wording.has(key, lang, _DOMAIN) else why


def hold_name(why: str, lang: str = "vi") -> str:
    """`trùng giấy tờ tùy thân`: why a payment is on hold, or the word if nobody worded it."""
    key = f"programme.hold.{why}"
    return wording.text(key, lang, _DOMAIN) if wording.has(key, lang, _DOMAIN) else why


def criterion_name(criterion: str, lang: str = "vi") -> str:
    """`đau ốm, không đi lại được`: why somebody is paid at home."""
    return wording.text(f"programme.criterion.{criterion}", lang, _DOMAIN)


def decline_reason(why: str, lang: str = "vi") -> str:
    """`có thể tự đến điểm chi trả`: why a request to be paid at home was declined."""
    return wording.text(f"programme.decline.{why}", lang, _DOMAIN)


def window_name(window: str, lang: str = "vi") -> str:
    """`buổi sáng`: the half of a day in which somebody comes."""
    return wording.text(f"programme.window.{window}", lang, _DOMAIN)


def proof_name(proof: str, lang: str = "vi") -> str:
    """`người nhận ký`: what shows that money was handed over at the door."""
    return wording.text(f"programme.proof.{proof}", lang, _DOMAIN)
