"""Batches (分批次): a campaign from plan to naming, with shortlist, panel, levels, public notice and resolution."""
