"""Public notices (公示): what is to be decided is shown publicly for some working days, and anybody may object.

Whoever gives notice of something holds a ``Notice`` and says who may do what by post or role; that different people
review and approve is the rule here.
"""
