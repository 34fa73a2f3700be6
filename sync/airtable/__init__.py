"""Airtable, spoken to with pyairtable: the base where a director works (``remote.Airtable``)."""
