"""Lists of HR as files: spreadsheets and comma-separated text, as systems without an interface give them out."""
