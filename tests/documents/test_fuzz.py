"""A short slice of `make fuzz`: damaged documents end as a document or a refusal, soon."""

import random
from pathlib import Path

import fuzz
import pytest

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
