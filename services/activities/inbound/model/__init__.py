"""Departments, rules, arrivals and effects: pure, without clock, chance or I/O."""
