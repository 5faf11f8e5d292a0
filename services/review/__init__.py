"""Review: the way of a brand from the submitted draft to the committee's resolution, and what it is worth afterwards.

owns   procedures and rubrics (data, versioned), reviews with discussions, suggestions, signatures, panels, notices,
       meetings; absences; standings with their rules; campaigns
tells  review.review.opened · document.revised · returned · concluded · copied · tasks.changed
       step.overdue · step.escalated · step.urged · standing.recorded · rectification.ordered, overdue, closed
       campaign.recorded, called, named
hears  registry.brand.submitted · organisation.recorded · person.recorded · block_type.recorded · calendar.recorded
       for standings: registry.brand.recorded · plaque.awarded; activities' plans, records, points and hints
       for grants: its own campaign.named
"""
