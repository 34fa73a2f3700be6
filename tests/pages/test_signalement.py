"""Signalement terrain: noted, kept as a draft, sent with what is missing; À accueillir makes a file of it."""

from desk import drafts, field_inbox, field_reports
from policy.counter_words import ReportState
from policy.field_reports import Noted
from policy.words import Nature
from tests.cast import Cast
from tests.desk.documents import PNG
from tests.desk.filing import NINE, TEN, kept
from tests.pages.conftest import Sit, press, run, said


def test_a_report_is_typed_sent_and_read_among_ones_own(sit: Sit, cast: Cast) -> None:
    screen = sit("signalement", "outsider")
    assert "Vous n’en avez envoyé aucun encore." in said(screen)
    screen.text_input(key="te_street").set_value("rue du Lac")
    screen.text_area(key="te_facts").set_value("Un trou *profond*.")
    run(screen)
    press(screen, "te-send")
    assert "Envoyé" in screen.success[0].value
    told = said(screen)
    assert "Son adresse complète." in told.replace("\\", "") and "Un trou \\*profond\\*" in told
    (row,) = kept(cast, "field_reports")
    assert (row["street"], row["nature"], row["received_on"]) == ("rue du Lac", Nature.REQUEST, NINE.date())
    assert kept(cast, "drafts") == []
    press(screen, "te-new")
    assert screen.text_area(key="te_facts").value == ""


def test_nothing_noted_is_refused_with_its_article_and_the_form_stays(sit: Sit, cast: Cast) -> None:
    screen = press(sit("signalement", "outsider"), "te-send")
    assert "Rien n'est encore noté" in screen.error[0].value and "P §4\\.3" in screen.error[0].value
    assert kept(cast, "field_reports") == []


def test_what_was_typed_is_found_again_at_its_address_and_on_another_telephone(sit: Sit, cast: Cast) -> None:
    first = sit("signalement", "outsider")
    first.text_input(key="te_street").set_value("rue du Lac")
    run(first)
    token = str(first.query_params["signalement"])
    field_reports.add_photos(cast.visit("outsider", NINE), token, [("trou.png", PNG)])
    again = sit("signalement", "outsider", signalement=token)
    assert again.text_input(key="te_street").value == "rue du Lac" and "trou" in said(again)
    other = sit("signalement", "outsider")
    press(other, f"te-resume-{token}")
    assert other.text_input(key="te_street").value == "rue du Lac"
    somebody = sit("signalement", "secretary", signalement=token)
    assert somebody.text_input(key="te_street").value == ""


def test_a_complaint_is_told_where_to_go_and_nothing_of_it_is_kept(sit: Sit, cast: Cast) -> None:
    screen = sit("signalement", "outsider")
    screen.text_area(key="te_facts").set_value("sentinelle du contremaître")
    run(screen)
    token = str(screen.query_params["signalement"])
    field_reports.add_photos(cast.visit("outsider", NINE), token, [("trou.png", PNG)])
    screen.pills(key="te_nature").set_value(Nature.COMPLAINT.value)
    run(screen)
    assert "Plainte ? Dirigez la personne vers le service aux citoyens" in screen.error[0].value
    assert not screen.text_area and [each.key for each in screen.button] == []
    assert kept(cast, "drafts") == [] and kept(cast, "report_photos") == []
    screen.pills(key="te_nature").set_value(Nature.REQUEST.value)
    run(screen)
    assert screen.text_area(key="te_facts").value == ""


def test_the_desk_makes_a_file_of_a_report_in_the_ordinary_form(sit: Sit, cast: Cast) -> None:
    noted = Noted(
        Nature.REQUEST, name="Rose Roy", phone="450 555-0188", street="rue du Lac", facts="Un trou."
    )
    report = field_reports.send(cast.visit("outsider", NINE), "jeton", noted)
    screen = sit("a_accueillir", at=TEN)
    told = said(screen).replace("\\", "")
    for words in ("Omar Haddad", "rue du Lac", "Rose Roy", "À compléter", "Son adresse complète."):
        assert words in told, words
    (door,) = screen.get("link_button")
    assert door.proto.url == f"/nouvelle-demande?saisie=terrain-{report.id}"
    form = sit("nouvelle_demande", at=TEN, saisie=field_inbox.token_of(report.id))
    assert form.text_input(key="nd_name").value == "Rose Roy"
    assert form.selectbox(key="nd_channel").value == "Terrain"
    form.selectbox(key="nd_category").set_value(cast.categories["Nid-de-poule"])
    run(form)
    press(form, "nd-save")
    (file,) = kept(cast, "files")
    assert file["received_at"] == NINE and form.metric[0].value == file["number"]
    assert "Rien n’attend" in said(sit("a_accueillir", at=TEN))


def test_the_desk_declines_with_a_reason_or_keeps_nothing_of_a_complaint(sit: Sit, cast: Cast) -> None:
    sent = [
        field_reports.send(cast.visit("outsider", NINE), f"j{n}", Noted(facts=f"Fait {n}")).id for n in (1, 2)
    ]
    screen = press(sit("a_accueillir", at=TEN), f"as-decline-{sent[0]}")
    assert "Écrivez le motif" in screen.error[0].value
    screen.text_input(key=f"as_reason_{sent[0]}").set_value("Terrain privé")
    run(screen)
    press(screen, f"as-decline-{sent[0]}")
    press(screen, f"as-elsewhere-{sent[1]}")
    assert "Rien n’est gardé" in screen.success[0].value
    states = {each.id: each.state for each in field_reports.mine(cast.visit("outsider", TEN))}
    assert states == {sent[0]: ReportState.DECLINED, sent[1]: ReportState.ELSEWHERE}
    told = said(sit("signalement", "outsider", at=TEN))
    assert "Terrain privé" in told and "Dirigé ailleurs" in told and "Fait 2" not in told


def test_a_report_settled_meanwhile_leaves_what_the_desk_typed(sit: Sit, cast: Cast) -> None:
    report = field_reports.send(cast.visit("outsider", NINE), "j", Noted(facts="Un trou", street="ici"))
    form = sit("nouvelle_demande", at=TEN, saisie=field_inbox.token_of(report.id))
    form.toggle(key="nd_anonymous").set_value(True)
    run(form)
    field_inbox.decline(cast.visit("director", TEN), report.id, "Déjà connu.")
    assert drafts.calls(cast.visit("technician", TEN)) == ()
    press(form, "nd-save")
    assert "déjà été accueilli ou refusé" in form.error[0].value
    press(form, "nd-another")
    press(form, "nd-save")
    assert [each["facts"] for each in kept(cast, "files")] == ["Un trou"]
