"""Office systems: to-dos are replicated there, compared and mended; the vendors' callbacks."""
