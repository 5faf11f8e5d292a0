"""HTTP of the programme's settings."""
