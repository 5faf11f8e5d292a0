"""What a campaign is and the commands it allows: pure, no clock, no chance, no I/O."""
