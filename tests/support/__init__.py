"""The harness: servers, service processes, faults, listeners and named people, documented like product code."""
