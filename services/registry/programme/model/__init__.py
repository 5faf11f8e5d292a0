"""Settings, block types and the calendar as aggregates: pure."""
