"""Google Sheets, spoken to with gspread: the spreadsheet where a director works (``remote.Sheets``)."""
