"""Plans and records: an activity is filed publicly, held, and recorded with who took part."""
