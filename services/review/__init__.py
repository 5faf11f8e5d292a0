"""Review: the way of a brand from the submitted draft to the committee's resolution.

owns   procedures (data, versioned), reviews with discussions, suggestions, signatures, meetings; absences; standings
tells  review.review.opened · document.revised · returned · concluded · copied · tasks.changed · step.overdue, urged
       review.standing.recorded · rectification.ordered, overdue, closed
hears  registry.brand.submitted · organisation.recorded · person.recorded · block_type.recorded
       for standings: registry.brand.recorded · plaque.awarded; activities' plans, records, points and hints
"""
