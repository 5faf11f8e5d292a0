"""The SCIM server of registry."""
