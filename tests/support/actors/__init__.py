"""Who uses the system: people of a batch, departments, HR of a company, office systems, readers of a guide."""
