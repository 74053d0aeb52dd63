"""Content as a workbook: a sheet a kind, for people who keep their tables in Excel or WPS. Pure: bytes in, rows out."""
