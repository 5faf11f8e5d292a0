"""Registry decides: pure, without network and disk."""
