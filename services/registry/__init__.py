"""Registry: who the Party organisations and people are, and which brands they build.

Owns organisations, people with posts and terms, block types, the programme's settings, brands with versions, plaques.
Tells registry.{organisation,person,block_type,brand}.recorded, registry.brand.submitted and registry.plaque.awarded.
Hears review.{review.opened,document.revised,review.returned,review.concluded} and activities.activity.recorded.
"""
