"""One file for each promise: the fault is caused on real servers, then the ledger is read."""
