"""The HTTP side of others' events: departments and rules, arrivals, and the effects that they had."""
