"""HTTP of dynamic management: the rules, standings as they are, decisions, rechecks, rectifications."""
