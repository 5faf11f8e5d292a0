"""Activities of Party organisations: filed publicly, held, recorded; and what other departments' events lead to.

Owns: activity kinds, plans and their filing, records with attendance, the participation of members; departments that
send events, rules, arrivals, and their effects: drafts of activities, measured points, reminders, veto hints.
Publishes: activity filed, cancelled, recorded; draft made, settled; point measured; reminder raised; hint raised.
Consumes: organisations, people, brands, HR mappings and the calendar as the registry records them, and departments.
"""
