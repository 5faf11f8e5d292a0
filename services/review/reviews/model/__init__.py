"""What review owns, and the moves it allows: pure, synchronous, no clock, no random, no I/O."""
