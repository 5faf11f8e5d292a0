"""Each vendor of an office system is one file: its settings, and what it is told; ``opening`` lists them."""
