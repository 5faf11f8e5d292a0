"""HTTP as this system speaks it: who asks, why and when; every error as an RFC 9457 problem; tokens and their keys."""
