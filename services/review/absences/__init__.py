"""Who is away from when to when, and who acts in their name."""
