"""HR as registry mirrors it, and the proposals that follow from it: pure, no clock, no chance, no I/O."""
