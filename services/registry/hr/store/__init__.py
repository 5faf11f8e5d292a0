"""What is asked about HR: the mirror with its runs and proposals, and the SCIM directory."""
