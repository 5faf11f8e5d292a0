"""Registry: who the Party organisations and people are, and which brands they build.

Owns organisations, people with posts and terms, block types, calendar, settings, brands with versions, plaques.
Publishes registry.{organisation,person,block_type,calendar,brand}.recorded, .brand.submitted, .plaque.*
and what follows from HR. Consumes review.{review.opened,document.revised,review.returned,review.concluded,
standing.recorded} and the activities that were held.
"""
