"""What the settings of the nightly copies may be."""

from collections.abc import Iterator, Mapping
from typing import Any

from config import keyfile

AN_HOUR = "une heure de la ville, 0 ou de 3 à 23 (entre 1 h et 3 h, les horloges changent)"
AT_LEAST_ONE = "un nombre entier, de 1 à 400"
A_COUNT = "un nombre entier, de 0 à 400"


def hour(value: int) -> int:
    """That hour of the town; ``ValueError`` for one that does not exist, or is there twice, some nights."""
    if value in (1, 2):
        raise ValueError
    return value


def misplaced(full: Mapping[str, Any], prefix: str) -> Iterator[str]:
    """Copies that would be lost with what they are copies of, or lie beside the keys they must do without."""
    folder = full.get("backup_dir")
    if not folder:
        return
    if folder.is_relative_to(full["data_dir"]):
        yield (
            f"{prefix}BACKUP_DIR : {folder} est dans le dossier des données : les copies disparaîtraient "
            "avec elles ; il faut un autre dossier, sur un autre disque."
        )
    if folder.is_relative_to(keyfile.default_file(full["data_dir"]).parent):
        yield f"{prefix}BACKUP_DIR : {folder} est dans le dossier des clés ; il faut un autre dossier."
