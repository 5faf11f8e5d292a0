"""What this service owns and the moves it allows: pure, without clock, chance or I/O."""
