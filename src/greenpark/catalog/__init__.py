"""Packs on disk → checked definitions. Read ``packs.py`` first."""

from greenpark.catalog.confirm import load_confirmations
from greenpark.catalog.jobs import load_job, load_mapping
from greenpark.catalog.messages import load_messages
from greenpark.catalog.mistakes import PackError, PackMistake, format_mistakes
from greenpark.catalog.packs import Packs, check_pack, load_packs
from greenpark.catalog.skeleton import new_pack

__all__ = [
    "PackError",
    "PackMistake",
    "Packs",
    "check_pack",
    "format_mistakes",
    "load_confirmations",
    "load_job",
    "load_mapping",
    "load_messages",
    "load_packs",
    "new_pack",
]
