"""What several modules of review share: role holders, calendar, scoring, public notices, text types."""
