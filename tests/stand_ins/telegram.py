"""Updates as Telegram delivers them to us."""

from typing import Any

SECRET_HEADER = "x-telegram-bot-api-secret-token"
LAN = 71001


def written(number: int, text: str, *, chat: int = LAN, kind: str = "private") -> dict[str, Any]:
    """Somebody writes."""
    return {"update_id": number, "message": _message(number, chat, kind) | {"text": text}}


def pressed(number: int, data: str, *, chat: int = LAN) -> dict[str, Any]:
    """Somebody presses a button under one of our messages."""
    query = {
        "id": f"press-{number}",
        "from": _user(chat),
        "chat_instance": "1",
        "data": data,
        "message": _message(number, chat, "private") | {"text": "…"},
    }
    return {"update_id": number, "callback_query": query}


def contact_shared(
    number: int, phone: str, *, owner: int | None, chat: int = LAN
) -> dict[str, Any]:
    """Somebody shares a contact; `owner`: whose it is, as Telegram says."""
    contact: dict[str, Any] = {"phone_number": phone, "first_name": "Lan"}
    if owner is not None:
        contact["user_id"] = owner
    return {
        "update_id": number,
        "message": _message(number, chat, "private") | {"contact": contact},
    }


def sticker(number: int, *, chat: int = LAN) -> dict[str, Any]:
    """Something without words."""
    piece = {
        "file_id": "s",
        "file_unique_id": "s",
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
    }
    return {"update_id": number, "message": _message(number, chat, "private") | {"sticker": piece}}


def _message(number: int, chat: int, kind: str) -> dict[str, Any]:
    place = {"id": chat, "type": kind, "first_name": "Lan"}
    return {"message_id": number, "date": 1618196400, "chat": place, "from": _user(chat)}


def _user(chat: int) -> dict[str, Any]:
    return {"id": chat, "is_bot": False, "first_name": "Lan"}
