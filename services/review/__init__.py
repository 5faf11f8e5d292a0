"""Review: the way of a brand from the submitted draft to the committee's resolution.

owns   procedures (data, versioned) and reviews with their discussions, suggestions, meetings and resolutions
tells  review.review.opened · document.revised · returned · concluded · tasks.changed · step.overdue
hears  registry.brand.submitted · organisation.recorded · person.recorded · block_type.recorded
"""
