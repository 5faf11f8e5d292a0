"""The services of Brand Matrix; each owns its data, and they talk only through events."""
