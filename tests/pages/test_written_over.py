"""What a run writes in a field comes back over what is typed meanwhile: drawn again, a screen writes none."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.cast import Cast, moment
from tests.desk.filing import filed
from tests.pages.conftest import Sit, run

KINDS = (
    "text_input", "text_area", "selectbox", "multiselect", "date_input", "time_input", "toggle", "checkbox",
    "segmented_control", "number_input", "radio",
)  # fmt: skip


def written(screen: AppTest) -> set[str]:
    """The keys of the widgets whose value the last run set."""
    fields = [field for kind in KINDS for field in screen.get(kind)]
    return {str(field.key) for field in fields if getattr(field.proto, "set_value", False)}


@pytest.mark.parametrize(
    ("module", "who", "asked"),
    [
        ("nouvelle_demande", "technician", {}),
        ("file_du_service", "secretary", {}),
        ("file_du_service", "technician", {"texte": "nid", "voir": "retard"}),
        ("responsables", "technician", {}),
    ],
)
def test_a_screen_drawn_again_writes_over_no_field(
    module: str, who: str, asked: dict[str, str], sit: Sit, cast: Cast
) -> None:
    filed(cast)
    screen = sit(module, who, moment("Mon 2026-11-23 09:00"), **asked)
    assert written(run(screen)) == set()


def test_the_forms_of_a_file_drawn_again_write_over_no_field(sit: Sit, cast: Cast) -> None:
    file = filed(cast)
    screen = sit("dossier", "technician", moment("Mon 2026-11-23 09:00"), numero=file["number"])
    for name in screen.pills(key=f"do_gesture_{file['id']}").options:
        screen.pills(key=f"do_gesture_{file['id']}").set_value(name)
        run(screen)
        assert written(run(screen)) == set(), name
