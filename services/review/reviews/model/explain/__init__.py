"""Why a review waits and who decided what: its history replayed, its page, and what was said side by side."""
