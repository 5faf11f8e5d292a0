"""What a standing is and the moves it allows: pure, no clock, no chance, no I/O."""
