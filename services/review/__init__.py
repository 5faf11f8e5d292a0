"""Review: the way of a brand from the submitted draft to the committee's resolution.

owns   procedures (data, versioned), reviews with discussions, suggestions, signatures, meetings, notices; absences
tells  review.review.opened · document.revised · returned · concluded · copied · tasks.changed
       step.overdue · step.escalated · step.urged
hears  registry.brand.submitted · organisation.recorded · person.recorded · block_type.recorded · calendar.recorded
"""
