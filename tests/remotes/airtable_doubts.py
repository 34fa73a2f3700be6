"""What Airtable's reference leaves open, both ways."""

from dataclasses import dataclass


@dataclass
class Doubts:
    """Where the reference says too little, both answers can be had."""

    absent_is_named: bool = True  # a change of a row that is not there: its id is in the sentence
    absent_change: str = "ROW_DOES_NOT_EXIST"  # or NOT_FOUND, INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND
    absent_deletion: str = "NOT_FOUND"  # or INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND, ROW_DOES_NOT_EXIST
    answers_reversed: bool = False  # rows of an answer in another order than asked
    rounds_numbers: bool = False  # 3.5 in a column without decimals
    trims_text: bool = False
    options_are_told: bool = True  # a choice renamed or removed shows in the feed as a changed field
    payloads_held_back: int = 0  # the last ones of the feed come later
    choices_pass: bool = True  # those of a list can be said again through « Update field »
    dead_webhook: str = "NOT_FOUND"  # or INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND
