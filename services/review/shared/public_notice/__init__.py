"""Public notices (公示): what is to be decided is shown publicly for some working days, and anybody may object.

A package of pure modules that knows neither reviews nor steps: whoever gives notice of something holds a ``Notice``,
brings it from state to state (``stages``), and takes in and decides what people say against it (``objections``).
Who may do what by post or role is for the caller to say; that different people review and approve is the rule here.
"""
