"""A short slice of `make fuzz`: damaged documents end as a document or a refusal, soon."""

import random
from dataclasses import replace
from pathlib import Path

import fuzz
import pytest

from audit_utils import documents
from audit_utils.records import Problem

SEEDS = fuzz.seeds()


@pytest.mark.parametrize("kind", SEEDS)
def test_damaged_documents_end_alone(kind: str, tmp_path: Path) -> None:
    assert list(fuzz.failures(kind, SEEDS[kind], seed=2022, rounds=5, folder=tmp_path)) == []


def test_the_same_seed_makes_the_same_damage() -> None:
    for data in SEEDS.values():
        assert fuzz.damaged(data, random.Random(3)) == fuzz.damaged(data, random.Random(3))


def test_sound_seeds_are_read(tmp_path: Path) -> None:
    ends = {kind: fuzz.read(data, tmp_path)[0] for kind, data in SEEDS.items()}
    assert ends == dict.fromkeys(SEEDS, "forms")


def test_what_goes_wrong_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "SLOW", 0.0)
    _, seconds, wrong = fuzz.read(SEEDS["csv"], tmp_path)
    assert wrong == [f"it took {seconds:.1f} s"]


def test_what_is_lost_in_silence_is_found(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(SEEDS["csv"])
    document = documents.read(path)
    cells = fuzz.cells_of(SEEDS["csv"], tmp_path)
    assert fuzz.silently_lost(document, cells) == []
    without = replace(document, forms=())
    assert len(fuzz.silently_lost(without, cells)) > 40
    told = replace(without, problems=(Problem("something", 1, 1, 1),))
    assert fuzz.silently_lost(told, cells) == []
    assert fuzz.silently_lost(replace(without, lines=()), cells) == []
