"""HTTP in: parse, name the decision, answer. Plans and records, what everyone sees, kinds."""
