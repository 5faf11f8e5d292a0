"""What review owns, and the commands it allows: pure, synchronous, no clock, no random, no I/O."""
