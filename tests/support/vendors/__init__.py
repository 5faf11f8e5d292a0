"""Office systems that behave as documented, limits and bad days included: for the tests, and to look at in a demo."""
