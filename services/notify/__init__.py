"""What people have to do and what they should know: to-dos and messages in one inbox.

Owns: messages, their wording, and who has read what; mirrors to-dos as reviews state them.
Publishes: nothing yet.
Consumes: tasks, people and organisations (mirrors); reviews (end, return, deadline, urge, copy), rectifications,
campaigns, plaques, filed activities; drafts, reminders and hints that other departments' events led to.
"""
