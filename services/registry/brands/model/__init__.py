"""What registry owns and the moves it allows: pure, synchronous, without clock, random or I/O."""
