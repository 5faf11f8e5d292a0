"""To-dos, messages, whom they reach and how they read: pure, without clock, chance or I/O."""
