"""Every figure can be measured: tiny, on both engines, with no opinion about its speed."""

import math
from collections.abc import Iterator

import pytest

from bench import million
from bench.__main__ import NAMES, measured
from bench.ground import ENGINES, Ground, ground


@pytest.fixture(scope="module")
def tiny() -> Iterator[Ground]:
    with ground(runs=1, share=0.002) as made:
        yield made


@pytest.mark.postgresql
@pytest.mark.parametrize("name", [name for name in NAMES if name != "understanding"])
def test_a_figure_comes_out_for_both_engines(tiny: Ground, name: str) -> None:
    figures = measured(name, tiny)
    # A million lines at once are for the engine that has room for them.
    engines = {million.ENGINE} if name == "million" else set(ENGINES)
    assert {one["engine"] for one in figures} == engines
    for one in figures:
        assert math.isfinite(one["value"])
        assert one["value"] > 0
        assert one["unit"]
