"""The Party side: organisations in their tree, people with memberships and posts, rosters of a day."""
