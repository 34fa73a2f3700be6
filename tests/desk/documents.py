"""Small true documents of each kind that may be kept, and some that may not."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZipFile

OOXML = "application/vnd.openxmlformats-officedocument"
OASIS = "application/vnd.oasis.opendocument"


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    """A folder of these parts, in order."""
    held = BytesIO()
    with ZipFile(held, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


def office(kind: str, *more: str, main: str = "") -> bytes:
    """A Word or Excel document: ``wordprocessingml.document``, ``spreadsheetml.sheet``."""
    types = f'<Types><Override ContentType="{main or f"{OOXML}.{kind}.main+xml"}"/></Types>'
    return zipped({"[Content_Types].xml": types, "word/document.xml": "<w/>", **dict.fromkeys(more, "x")})


def open_document(kind: str, *more: str) -> bytes:
    """An OpenDocument file: ``text``, ``spreadsheet``."""
    return zipped({"mimetype": f"{OASIS}.{kind}", "content.xml": "<o/>", **dict.fromkeys(more, "x")})


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 24
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
MAIL = b"From: lea@exemple.test\r\nTo: ville@exemple.test\r\nSubject: Bonjour\r\n\r\nUn trou.\r\n"
DOCX = office("wordprocessingml.document")

ACCEPTED: Mapping[str, tuple[bytes, str]] = {
    "avis.pdf": (PDF, "application/pdf"),
    "photo.jpg": (JPEG, "image/jpeg"),
    "photo.JPEG": (JPEG, "image/jpeg"),
    "plan.png": (PNG, "image/png"),
    "photo.webp": (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp"),
    "photo.heic": (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "image/heic"),
    "note.txt": ("Été : un nid-de-poule.\r\n".encode(), "text/plain"),
    "vieux.txt": ("Été\n".encode("cp1252"), "text/plain"),
    "bloc-notes.txt": ("Été\n".encode("utf-16"), "text/plain"),
    "MZ.txt": (b"MZ est un sigle.", "text/plain"),
    "liste.csv": (b"no;rue\n1;<Principale>\n", "text/csv"),
    "lettre.docx": (DOCX, f"{OOXML}.wordprocessingml.document"),
    "tableau.xlsx": (office("spreadsheetml.sheet"), f"{OOXML}.spreadsheetml.sheet"),
    "lettre.odt": (open_document("text"), f"{OASIS}.text"),
    "tableau.ods": (open_document("spreadsheet"), f"{OASIS}.spreadsheet"),
    "courriel.eml": (MAIL, "message/rfc822"),
}
MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
WITH_PROGRAM = (
    b"From: a@b.test\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n"
    b"--B\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; "
    b'filename="=?utf-8?B?ZmFjdHVyZS5leGU=?="\r\n\r\nrien\r\n--B--\r\n'
)
REFUSED: Mapping[str, tuple[bytes, str]] = {
    "programme.exe": (b"MZ\x90\x00", "n'est pas accepté"),
    "sans-extension": (PDF, "n'est pas accepté"),
    "dessin.svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "n'est pas accepté"),
    "page.html": (b"<html></html>", "n'est pas accepté"),
    "lettre.docm": (DOCX, "n'est pas accepté"),
    "tableau.xlsm": (office("spreadsheetml.sheet"), "n'est pas accepté"),
    "archive.zip": (DOCX, "n'est pas accepté"),
    "facture.pdf.exe": (PDF, "n'est pas accepté"),
    "facture.pdf": (b"MZ\x90\x00\x03", "est un programme"),
    "script.txt": (b"#!/bin/sh\nrm -rf /\n", "est un programme"),
    "photo.jpg": (PNG, "son contenu n'est pas celui d'un fichier JPEG"),
    "image.png": (b"<svg/>", "son contenu n'est pas celui d'un fichier PNG"),
    "son.webp": (b"RIFF\x24\x00\x00\x00WAVE", "son contenu n'est pas celui"),
    "film.heic": (b"\x00\x00\x00\x18ftypmp42", "son contenu n'est pas celui"),
    "page.txt": (
        b"  <!DOCTYPE html><script>alert(1)</script>",
        "son contenu n'est pas celui d'un fichier texte",
    ),
    "dessin.txt": ("\ufeff<svg onload=alert(1)>".encode(), "son contenu n'est pas celui"),
    "binaire.csv": (b"a;b\x00\x01", "son contenu n'est pas celui"),
    "lettre.docx": (office("wordprocessingml.document", "word/vbaProject.bin"), "contient des macros"),
    "deguisee.docx": (office("x", main=MACRO), "contient des macros"),
    "feuille.docx": (office("spreadsheetml.sheet"), "son contenu n'est pas celui d'un fichier Word"),
    "faux.xlsx": (b"PK\x03\x04 rien", "son contenu n'est pas celui"),
    "lettre.odt": (open_document("text", "Basic/Standard/Module1.xml"), "contient des macros"),
    "tableau.ods": (open_document("text"), "son contenu n'est pas celui"),
    "mot.eml": (b"Bonjour,\r\n\r\nrien", "son contenu n'est pas celui"),
    "courriel.eml": (WITH_PROGRAM, "porte un programme"),
    "vide.pdf": (b"", "est vide"),
}
