"""The ways by which HR reaches registry: files, SCIM, events."""
