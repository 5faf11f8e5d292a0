"""Taking arrivals in, evaluating rules on them, and making their effects, each once."""
