"""What this service owns and the commands it allows: pure, without clock, chance or I/O."""
