"""What registry owns and the commands it allows: pure, synchronous, without clock, random or I/O."""
