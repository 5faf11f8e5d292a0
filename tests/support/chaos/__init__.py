"""What goes wrong on purpose: processes that end or freeze at a step, bugs, cut connections, repeated events."""
