import base64
import json
import os
import stat
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import pytest
from dotenv import dotenv_values

from core import keys, settings
from core.faults import Fault

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = Path("no such file")
KEY = base64.b64encode(bytes(32)).decode()
PRODUCTION = {
    "CHITRA_ENV": "production",
    "CHITRA_ENCRYPTION_KEYS": f"k1:{KEY}",
    "CHITRA_INDEX_KEY": KEY,
}
SECRETS = {
    "CHITRA_DATABASE_URL": "postgresql://u:hush-1@db/chitra",
    "CHITRA_TWILIO_AUTH_TOKEN": "hush-2",
    "CHITRA_TELEGRAM_TOKEN": "hush-3",
    "CHITRA_TELEGRAM_WEBHOOK_SECRET": "hush-4",
    "CHITRA_METRICS_TOKEN": "hush-5",
}


def load(**given: str) -> settings.Settings:
    return settings.load({f"CHITRA_{name}": text for name, text in given.items()}, NOWHERE)


def test_with_nothing_set_everything_has_a_value_that_works_on_one_machine() -> None:
    found = settings.load({}, NOWHERE)

    assert not found.is_production
    assert found.database_url == "sqlite:///var/chitra.db"
    assert (found.host, found.port) == ("127.0.0.1", 8000)
    assert found.programme == "thua-thien-hue-2021"
    assert found.sms_gateway is settings.SmsGateway.SANDBOX
    assert found.release is None


def test_what_an_sms_costs_is_whole_and_its_limits_are_none_by_themselves() -> None:
    found = load(SMS_PRICE="650", SMS_PER_SECOND="20", SMS_MONTH_COST="9000000")

    assert (found.sms_price, found.sms_per_second) == (650, 20)
    assert (found.sms_month_segments, found.sms_month_cost) == (None, 9_000_000)


@pytest.mark.parametrize(
    ("name", "text"),
    [("PRICE", "6,5"), ("PRICE", "500đ"), ("PER_SECOND", "0"), ("MONTH_COST", "9.000.000"),
     ("MONTH_SEGMENTS", "-1")],
)  # fmt: skip
def test_an_amount_that_is_no_whole_number_is_refused(name: str, text: str) -> None:
    with pytest.raises(settings.BadAmount, match=f"CHITRA_SMS_{name}"):
        load(**{f"SMS_{name}": text})


def test_the_example_file_lists_every_setting_and_nothing_else() -> None:
    listed = dotenv_values(ROOT / ".env.example", interpolate=False)

    assert set(listed) == set(settings.names())


def test_the_example_file_shows_the_defaults() -> None:
    listed = dotenv_values(ROOT / ".env.example", interpolate=False)
    given = {name: text for name, text in listed.items() if text}

    assert settings.load(given, NOWHERE) == settings.load({}, NOWHERE)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CHITRA_PORT=9001\nCHITRA_HOST='::1'  # quoted\n")

    found = settings.load({"CHITRA_PORT": "9002"}, tmp_path / ".env")

    assert (found.host, found.port) == ("::1", 9002)


def test_an_empty_value_is_no_value() -> None:
    assert load(PORT=" ", RELEASE="", NOW="") == load()


@pytest.mark.parametrize(
    ("given", "port"),
    [
        ({"PORT": "5000"}, 5000),
        ({"PORT": "5000", "CHITRA_PORT": "6000"}, 6000),
    ],
)
def test_a_host_that_gives_port_is_obeyed_unless_ours_is_set(
    given: dict[str, str], port: int
) -> None:
    assert settings.load(given, NOWHERE).port == port


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("sqlite:///relative.db", "sqlite:///relative.db"),
        ("sqlite:////absolute.db", "sqlite:////absolute.db"),
        ("postgresql://u@h/d", "postgresql://u@h/d"),
        ("postgresql+psycopg://u@h/d", "postgresql://u@h/d"),
        ("postgres://u@h/d", "postgresql://u@h/d"),
    ],
)
def test_a_database_is_sqlite_or_postgresql(url: str, kept: str) -> None:
    assert load(DATABASE_URL=url).database_url == kept


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ENV", "staging"),
        ("DATABASE_URL", "mysql://u:hush@h/d"),
        ("DATABASE_URL", "chitra.db"),
        ("DATABASE_URL", "sqlite:///"),
        ("NOW", "yesterday"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "８０"),
        ("PUBLIC_URL", "chitra.example.vn"),
        ("LANG", "fr"),
        ("LOG_LEVEL", "loud"),
        ("SMS_GATEWAY", "pigeon"),
        ("TELEGRAM_MODE", "push"),
        ("TWILIO_BASE_URL", "ftp://x"),
        ("RELEASE", "at-once"),
        ("ENCRYPTION_KEYS", KEY),
        ("ENCRYPTION_KEYS", "k1:hush"),
        ("ENCRYPTION_KEYS", f"k1:{KEY},k1:{KEY}"),
        ("INDEX_KEY", "hush"),
    ],
)
def test_a_bad_value_is_refused_in_a_sentence_that_names_the_setting(name: str, text: str) -> None:
    with pytest.raises(Fault, match=f"CHITRA_{name}") as caught:
        load(**{name: text})

    assert "hush" not in str(caught.value)
    assert "{" not in str(caught.value)


@pytest.mark.parametrize("missing", ["CHITRA_ENCRYPTION_KEYS", "CHITRA_INDEX_KEY"])
def test_production_does_not_start_without_its_keys(missing: str) -> None:
    given = {name: text for name, text in PRODUCTION.items() if name != missing}

    with pytest.raises(settings.MissingSetting, match=missing):
        settings.load(given, NOWHERE)


def test_production_starts_with_its_keys_and_makes_no_file(tmp_path: Path) -> None:
    found = settings.load(PRODUCTION | {"CHITRA_DATA_DIR": str(tmp_path)}, NOWHERE)

    assert settings.keys_of(found) == keys.Keys({"k1": bytes(32)}, bytes(32))
    assert list(tmp_path.iterdir()) == []


def test_production_refuses_another_clock() -> None:
    with pytest.raises(settings.NotInProduction, match="CHITRA_NOW"):
        settings.load(PRODUCTION | {"CHITRA_NOW": "2021-05-05"}, NOWHERE)


@pytest.mark.parametrize(
    "given",
    [
        {"SMS_GATEWAY": "twilio"},
        {"TELEGRAM_MODE": "webhook", "TELEGRAM_TOKEN": "1:a"},
        {"ENCRYPTION_KEYS": f"k1:{KEY}"},
        {"INDEX_KEY": KEY},
    ],
)
def test_half_a_configuration_says_what_is_missing(given: dict[str, str]) -> None:
    with pytest.raises(settings.MissingSetting, match=r"CHITRA_\w+ is not set, and CHITRA_"):
        load(**given)


def test_now_without_a_zone_is_hanoi_time() -> None:
    assert load(NOW="2021-05-05T09:00").now == datetime(2021, 5, 5, 2, tzinfo=UTC)


def test_a_name_that_means_nothing_is_reported() -> None:
    assert load(TELEGRAM_TOKN="x").unknown == ("CHITRA_TELEGRAM_TOKN",)


def test_secrets_do_not_show() -> None:
    found = settings.load(PRODUCTION | SECRETS, NOWHERE)

    for shown in (repr(found), str(found), f"{found.telegram_token}", found.database_place):
        assert "hush" not in shown
        assert KEY not in shown
        assert str(bytes(32)) not in shown
    assert found.database_place == "postgresql://u:•••@db/chitra"
    assert found.telegram_token is not None
    assert found.telegram_token.value == "hush-3"


def test_the_first_of_several_keys_seals() -> None:
    other = base64.b64encode(bytes(range(32))).decode()
    found = load(ENCRYPTION_KEYS=f"new:{other}, old:{KEY}", INDEX_KEY=KEY)

    assert list(settings.keys_of(found).sealing) == ["new", "old"]


def test_in_development_keys_are_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    found = load(DATA_DIR=str(tmp_path / "new"))

    made = settings.keys_of(found)

    assert settings.keys_of(found) == made
    path = tmp_path / "new" / "keys.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["keys.json"]


def _index_key(folder: str) -> bytes:
    return keys.kept_keys(Path(folder)).indexing


def test_processes_that_start_together_get_the_same_keys(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        made = set(pool.map(_index_key, [str(tmp_path)] * 8))

    assert len(made) == 1


@pytest.mark.parametrize(
    "content",
    ["", "{}", "[]", json.dumps({"sealing": {"k1": "short"}, "indexing": KEY})],
)
def test_a_damaged_key_file_is_never_replaced(tmp_path: Path, content: str) -> None:
    (tmp_path / "keys.json").write_text(content)

    with pytest.raises(keys.BadKeyFile, match=r"keys\.json"):
        keys.kept_keys(tmp_path)

    assert (tmp_path / "keys.json").read_text() == content


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(keys.NoPlaceForKeys, match="CHITRA_DATA_DIR"):
        keys.kept_keys(tmp_path / "file" / "folder")


def test_the_real_environment_is_read_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHITRA_PORT", "8123")

    assert settings.load(dotenv=NOWHERE).port == 8123
    assert os.environ["CHITRA_PORT"] == "8123"
