"""Activities of Party organisations: filed publicly, held, recorded.

Owns: activity kinds, plans and their filing, records with attendance, the participation of members.
Tells: activity filed, activity cancelled, activity recorded.
Hears: organisations, people and brands as the registry records them.
"""
