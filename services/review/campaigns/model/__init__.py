"""What a campaign is and the moves it allows: pure, no clock, no chance, no I/O."""
