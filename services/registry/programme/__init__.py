"""The programme's settings: rules, block types, the calendar. Data that an enterprise makes its own."""
